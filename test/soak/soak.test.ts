import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWithServer } from '../support/servers.ts';
import { judge } from './judge.ts';
import { emitProgram } from './program.ts';
import { runSoak } from './run.ts';

describeWithServer('redis-server', 'a soak in miniature', () =>
  describeWithServer('prometheus-alertmanager', 'of the whole program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'creance-soak-program-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('accounts for every event and every state of every alert, whatever breaks', { timeout: 150_000 }, async () => {
      const journal: string[] = [];
      const seen = await runSoak({
        program: emitProgram(folder),
        ...{ transport: 'grpc', seconds: 12, rate: 1_500, seed: 10, silenceMs: 4_000 },
        tell: (line) => void journal.push(line),
      });
      const wrong = judge(seen).filter(({ ok }) => !ok);
      expect(wrong, journal.join('\n')).toEqual([]);
      // Else there was nothing to account for.
      expect(seen.books.lives.length).toBe(2);
      expect(seen.books.raised.filter(({ firing }) => !firing).length).toBeGreaterThan(3);
    });
  }),
);
