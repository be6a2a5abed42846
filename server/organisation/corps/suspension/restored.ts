// What the room of backups changes of a corp that was restored, in transactions of its own.

export { hasLocks, holdLock, lockRestored, noteFirst, unlockRestored } from './restored-store.ts'
