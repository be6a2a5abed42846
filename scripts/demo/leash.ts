/** Loaded before a child's own code. It makes the child stop when its parent is gone for any reason. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
