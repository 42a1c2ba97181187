import type { Detector } from './detector.ts';
import type { Recording } from './recordings.ts';
import { SCENES, type Scene, stage } from './scenes.ts';

/** A session with a scene in its middle. */
const withScene = (carrier: Recording, scene: Scene, known: string): Recording => {
  const own = carrier.inputs.flatMap((input, at) =>
    input.type === 'action' && input.kind !== 'housekeeping' ? [at] : [],
  );
  const middle = own[Math.floor(own.length / 2)] ?? 0;
  const after = carrier.inputs[middle];
  if (after?.type !== 'action') return carrier;
  const acts = stage(scene, after, known);
  const inputs = [...carrier.inputs.slice(0, middle + 1), ...acts, ...carrier.inputs.slice(middle + 1)];
  const [from, to] = [acts[0]?.start ?? 0n, acts.at(-1)?.end ?? 0n];
  const attack = scene.attack ? { name: scene.name } : null;
  return { name: carrier.name, truth: { ...carrier.truth, task: scene.name, attack, from, to }, inputs };
};

/** A public host that the recordings speak to, so that scenes can go to a known one. */
export const knownHost = (recordings: readonly Recording[]): string => {
  for (const { inputs } of recordings)
    for (const input of inputs)
      if (input.type === 'action')
        for (const { network, modelApi, address, port } of input.effects.connections)
          if (network === 'public' && !modelApi) return `${address}:${port}`;
  return '198.18.5.5:443';
};

/** For each scene, in how many of the carriers it was alerted on. */
export const hardCases = (
  detector: Detector,
  carriers: readonly Recording[],
  known: string,
  scenes: readonly Scene[] = SCENES,
) =>
  scenes.map((scene) => {
    let alerted = 0;
    let example = '';
    const rules = new Set<string>();
    for (const carrier of carriers) {
      const recording = withScene(carrier, scene, known);
      const { from, to } = recording.truth;
      const told = detector.alerts(recording).filter(({ start, end }) => end >= from && start <= to);
      const [first] = told;
      if (first) alerted++;
      for (const { detector: by, rule } of told) rules.add(`${by}/${rule}`);
      example ||= first?.summary ?? '';
    }
    return { scene: scene.name, attack: scene.attack, alerted, of: carriers.length, example, rules: [...rules] };
  });
