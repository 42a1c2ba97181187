import { type Command, forEachChild, parse, type SyntaxNode } from 'unbash';
import { familyOf } from './family.ts';
import { isTransparent } from './tools.ts';

/** Longest text that is parsed, and most commands taken from it. */
const MAX_TEXT = 4_096;
const MAX_COMMANDS = 16;
const MAX_DEPTH = 24;

/**
 * The command families that a shell command's text names. Asked only where the kernel saw no program: builtins alone,
 * commands that do not exist, executions whose events were lost. What the kernel saw beats what a text says.
 */
export const familiesOfText = (text: string): readonly string[] => {
  const families: string[] = [];
  const visit = (node: SyntaxNode, depth: number): void => {
    if (families.length >= MAX_COMMANDS || depth > MAX_DEPTH) return;
    if (node.type === 'Command') {
      const family = familyOfCommand(node);
      if (family) families.push(family);
    }
    forEachChild(node, (child) => visit(child, depth + 1));
  };
  try {
    visit(parse(text.slice(0, MAX_TEXT)), 0);
  } catch {
    // A parser that gives up on hostile text knows no families; the action keeps its effects.
  }
  return families;
};

const familyOfCommand = (command: Command): string | undefined => {
  const name = command.name?.value;
  if (!name) return undefined;
  const words = command.args.map((arg) => (arg.type === 'Word' ? arg.value : ''));
  if (!isTransparent(name)) return familyOf({ name, args: words });
  const at = words.findIndex((word) => word !== '' && !word.startsWith('-') && !/^\d/.test(word));
  const inner = words[at];
  return inner === undefined || /\s/.test(inner)
    ? familyOf({ name, args: [] })
    : familyOf({ name: inner, args: words.slice(at + 1) });
};
