import { type Classify, classify } from '../http/post.ts';

/** By its specification everything else is final: a receiver that may recover answers with one of these. */
const RETRYABLE = [429, 502, 503, 504];

/** What an OTLP receiver's answer means for the one record of a request. A 200 may say that it was rejected. */
export const classifyOtlp: Classify = (answer) => {
  const result = classify(answer);
  const reason = `${answer.status} ${answer.text}`.trim();
  if (result.kind === 'success' && isRejected(answer.text)) return { kind: 'failure', reason, divisible: true };
  if (result.kind === 'retryable' && !RETRYABLE.includes(answer.status))
    return { kind: 'failure', reason, divisible: false };
  return result;
};

/** True for a partial success without our record. Most receivers answer with nothing or `{}` when all is well. */
const isRejected = (text: string): boolean => {
  try {
    const { partialSuccess }: { partialSuccess?: { rejectedLogRecords?: string | number } } = JSON.parse(text);
    return Number(partialSuccess?.rejectedLogRecords ?? 0) > 0;
  } catch {
    return false;
  }
};
