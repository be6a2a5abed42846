import { readdirSync, readFileSync } from 'node:fs'

/** Ticks of Linux in a second, as all its programs see them. */
const ticks = 100

type Process = { parent: number; cpuSeconds: number }

function processes(): Map<number, Process> {
  const found = new Map<number, Process>()
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // Behind the name, which may contain anything.
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number)
      const own = fields.slice(11, 15).reduce((all, one) => all + one, 0)
      found.set(Number(pid), { parent: fields[1] ?? 0, cpuSeconds: own / ticks })
    } catch {
      // It has ended.
    }
  }
  return found
}

/**
 * CPU seconds that this process took, those below it, and those that they waited for. Undefined where there is no Linux. What
 * outlived the process that started it is not found.
 */
export function cpuSeconds(): number | undefined {
  if (process.platform !== 'linux') return undefined
  const all = processes()
  const isBelow = (pid: number): boolean => {
    const { parent } = all.get(pid) ?? { parent: 0 }
    return parent === process.pid || (parent > 1 && isBelow(parent))
  }
  return [...all]
    .filter(([pid]) => pid === process.pid || isBelow(pid))
    .reduce((sum, [, one]) => sum + one.cpuSeconds, 0)
}
