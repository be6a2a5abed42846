import { readFileSync } from 'node:fs'

const lookEveryMs = 500

/**
 * npm runs a script through a shell, which dies of a signal without passing it on, and a killed npm leaves both behind.
 * Calls back when either is gone, so that nothing is left on the ports. Without npm nobody owns this process.
 */
export function watchOwner(onGone: () => void): void {
  if (!process.env['npm_lifecycle_event']) return
  const { ppid: shell } = process
  const npm = parentOf(shell)
  const timer = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return
    clearInterval(timer)
    onGone()
  }, lookEveryMs)
  timer.unref()
}

/** Undefined where the system does not tell. */
function parentOf(pid: number): string | undefined {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
