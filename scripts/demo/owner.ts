import { readFileSync } from 'node:fs'

const lookEveryMs = 500

/**
 * Calls back when npm or its shell is gone, so that nothing keeps running and holding the ports. npm runs a
 * script through a shell, which dies of a signal without passing it on, and a killed npm leaves both the
 * shell and the script behind. Without npm there is nothing to watch.
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

/** Returns undefined on systems that do not tell. */
function parentOf(pid: number): string | undefined {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}
