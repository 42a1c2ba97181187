import type { AgentAction } from '../../model/action.ts';

/** Programs that reach out or up. Run by name they show in the symbol; run by something else they are told apart. */
const REACHING =
  /^(curl|wget|nc|ncat|netcat|socat|telnet|ssh|scp|sftp|rsync|ftp|tftp|dig|nslookup|openssl|sudo|su|doas|pkexec|setcap|chattr|crontab|at|systemctl|base64|xxd|gdb|strace)$/;

/** What such programs carry for others, which say so by their own names. */
const CARRIES: readonly (readonly [program: RegExp, place: RegExp])[] = [
  [/^ssh$/, /[:+](git [a-z-]+|hg|svn|rsync|scp|sftp|ansible[\w-]*|restic|borg)(\+|$)/],
  [/^(scp|sftp)$/, /[:+](scp|sftp|ansible[\w-]*)(\+|$)/],
];

const UPWARDS = /^(sudo|su|doas|pkexec)$/;
const SYSTEM_PACKAGES = /^(apt|apt-get|dnf|yum|apk|zypper|pacman)$/;

/** Where a command stands: at the beginning, behind what joins commands, or behind words that run the next one. */
const BEFORE = String.raw`(?:^|[;&|({]|\$\(|\b(?:sudo|env|exec|nohup|xargs|time|then|do|else)\s(?:-\S+\s+)*)\s*(?:[\w/.-]*\/)?`;

/** The programs among those that reach out or up which nothing in the action's own words speaks of. */
export const hiddenIn = ({ title, effects: { programs } }: AgentAction, place: string): readonly string[] => {
  const packages = programs.find((program) => SYSTEM_PACKAGES.test(program));
  return programs
    .filter((program) => REACHING.test(program))
    .filter((program) => !place.split(/[:+ ]/).includes(program) && !isNamed(title, program))
    .filter((program) => !CARRIES.some(([carrier, owner]) => carrier.test(program) && owner.test(place)))
    .map((program) => (packages !== undefined && UPWARDS.test(program) ? `${program} ${packages}` : program));
};

const isNamed = (title: string, program: string): boolean => new RegExp(`${BEFORE}${program}(?=\\s|$)`).test(title);
