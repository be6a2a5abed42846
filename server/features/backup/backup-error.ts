/** An error that an administrator can understand and fix. */
export class BackupError extends Error {}
