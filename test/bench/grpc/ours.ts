import { answer } from '../child.ts';
import { consume } from '../consume.ts';

answer<{ url: string; events: number }>(({ url, events }) => consume(url, events));
