/** What an administrator can understand and mend. */
export class BackupError extends Error {}
