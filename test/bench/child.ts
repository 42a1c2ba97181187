import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own, so that what it takes can be told apart. */
export interface Child {
  ask<Answer>(question: object): Promise<Answer>;
  end(): Promise<void>;
}

/** Starts a script of this folder that calls `answer`. */
export const startChild = (script: string): Child => {
  const child: ChildProcess = fork(fileURLToPath(new URL(script, import.meta.url)), process.argv.slice(2));
  const died = once(child, 'exit').then(() => Promise.reject(new Error(`${script} ended`)));
  died.catch(() => {}); // Told to whoever waits for an answer.
  return {
    ask: async (question) => {
      child.send(question);
      const reply = new Promise((resolve) => child.once('message', resolve));
      return (await Promise.race([reply, died])) as never;
    },
    end: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
};

/** The child's side. */
export const answer = <Question>(respond: (question: Question) => unknown): void => {
  process.on('message', async (question: Question) => {
    process.send?.((await respond(question)) ?? {});
  });
};
