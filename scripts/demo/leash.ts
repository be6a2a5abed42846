/** Loaded before a child's own code: when whoever started it is gone, however that came, it stops as if told to. */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
