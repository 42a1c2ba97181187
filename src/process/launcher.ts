import { basename } from 'node:path/posix';

/** Programs that start others: what their command lines and children show is not theirs. */
const LAUNCHERS = new Set(
  `ash bash busybox csh dash fish ksh mksh rbash sh tcsh zsh
   chroot doas env flock ionice nice nohup runuser script setpriv setsid stdbuf su sudo time timeout unshare watch xargs
   bwrap docker ssh sshd login screen strace systemd tmux tmux: tini dumb-init init cron crond make gmake parallel`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** True for shells, wrappers, multiplexers and the like; without a path nothing is certain, and the answer is false. */
export const isLauncher = (exepath: string | undefined): boolean =>
  exepath !== undefined && LAUNCHERS.has(basename(exepath));
