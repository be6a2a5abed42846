import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

type Node = {
  id: number
  callFrame: { functionName: string; url: string; lineNumber: number }
  children?: number[]
}
type Profile = { nodes: Node[]; samples: number[]; timeDeltas: number[] }

const shown = 25

/**
 * Prints where profiled processes spent their time: by function alone, and by our own functions including
 * everything they call.
 */
export function printHotSpots(dir: string): void {
  for (const file of readdirSync(dir)) {
    if (!file.endsWith('.cpuprofile')) continue
    const profile = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Profile
    const { alone, whole } = timesOf(profile)
    const idle = alone.get('(idle)') ?? 0
    alone.delete('(idle)')
    const busy = [...alone.values()].reduce((sum, one) => sum + one, 0)
    console.log(`\n${file}: busy ${(busy / 1e6).toFixed(1)} s, idle ${(idle / 1e6).toFixed(1)} s`)
    printLargest('alone', alone, busy)
    printLargest('with what they call', whole, busy)
  }
}

function printLargest(title: string, times: Map<string, number>, busy: number): void {
  console.log(`  ${title}`)
  const sorted = [...times].sort((a, b) => b[1] - a[1]).slice(0, shown)
  for (const [name, micros] of sorted) {
    console.log(`${((micros / busy) * 100).toFixed(1).padStart(7)} %  ${name}`)
  }
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  const place = url.split('/').slice(-3).join('/')
  return place ? `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}` : functionName
}

function timesOf({ nodes, samples, timeDeltas }: Profile) {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const own = new Map<number, number>()
  samples.forEach((id, index) => {
    own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0))
  })
  const alone = new Map<string, number>()
  const whole = new Map<string, number>()
  const add = (map: Map<string, number>, name: string, micros: number) =>
    map.set(name, (map.get(name) ?? 0) + micros)
  const walk = (node: Node, above: ReadonlySet<string>): number => {
    const name = nameOf(node)
    let micros = own.get(node.id) ?? 0
    add(alone, name, micros)
    const within = above.has(name) ? above : new Set([...above, name])
    for (const child of node.children ?? []) micros += walk(byId.get(child)!, within)
    // A recursive function is counted once.
    if (!above.has(name) && /\/server\//.test(node.callFrame.url)) add(whole, name, micros)
    return micros
  }
  if (nodes[0]) walk(nodes[0], new Set())
  return { alone, whole }
}
