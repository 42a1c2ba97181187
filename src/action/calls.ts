/** System calls by what they do, as Falco names them. */
export const EXECS: ReadonlySet<string> = new Set(['execve', 'execveat']);
export const OPENS: ReadonlySet<string> = new Set(['open', 'openat', 'openat2', 'creat', 'open_by_handle_at']);
export const RENAMES: ReadonlySet<string> = new Set(['rename', 'renameat', 'renameat2']);
export const LINKS: ReadonlySet<string> = new Set(['link', 'linkat', 'symlink', 'symlinkat']);
export const REMOVALS: ReadonlySet<string> = new Set(['unlink', 'unlinkat', 'rmdir']);
export const MODES: ReadonlySet<string> = new Set(['chmod', 'fchmod', 'fchmodat', 'fchmodat2']);
export const LISTENS: ReadonlySet<string> = new Set(['listen', 'bind']);

/** Calls that reach into other processes, the kernel or other namespaces. Failed attempts tell as much as successes. */
export const REACHES: ReadonlySet<string> = new Set([
  'ptrace',
  'process_vm_readv',
  'process_vm_writev',
  'pidfd_getfd',
  'mount',
  'umount',
  'umount2',
  'move_mount',
  'pivot_root',
  'chroot',
  'unshare',
  'setns',
  'memfd_create',
  'capset',
  'bpf',
  'init_module',
  'finit_module',
  'delete_module',
  'kexec_load',
]);

/** Calls that change who a process acts as. */
export const IDENTITIES: ReadonlySet<string> = new Set([
  'setuid',
  'setreuid',
  'setresuid',
  'setfsuid',
  'setgid',
  'setregid',
  'setresgid',
]);

const WRITING = /O_(WRONLY|RDWR|TRUNC|APPEND|CREAT)\b/;

export const opensToWrite = (call: string, flags: string | undefined): boolean =>
  call === 'creat' || (flags !== undefined && WRITING.test(flags));

export const succeeded = (result: string | undefined): boolean => result === undefined || result === 'SUCCESS';
