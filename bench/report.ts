import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'

/** One line of the table. A figure without a target is only stated. */
export type Figure = {
  name: string
  measured: number
  unit: string
  target?: { atLeast: number } | { atMost: number }
  /**
   * Set when other programs used the processor during the measurement: the figure then means nothing and
   * reaches no target.
   */
  isDisturbed?: boolean
  /** The values from which the figure was computed. */
  detail: string
}

export function isReached({ measured, target, isDisturbed }: Figure): boolean | undefined {
  if (!target) return undefined
  if (isDisturbed) return false
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost
}

/** A figure of the committed run: docs/figures.json, beside docs/figures.md. `on` is the day of its measurement. */
export type CommittedFigure = { measured: number; unit: string; on: string; members: number }

const fallenBy = 0.1

/** What is worse than in the committed run by more than a tenth, a line each. Lower is worse where the target is a least value. */
export function fallenSince(
  figures: readonly Figure[],
  committed: Readonly<Record<string, CommittedFigure>>,
): string[] {
  return figures.flatMap(({ name, measured, unit, target, isDisturbed }) => {
    const before = committed[name]
    if (!before || !target || isDisturbed) return []
    const loss = ('atLeast' in target ? -1 : 1) * (measured / before.measured - 1)
    if (!(loss > fallenBy)) return []
    const was = `${short(before.measured)} ${before.unit} on ${before.on} with ${before.members} members`
    return [`${name}: ${short(measured)} ${unit}, was ${was}, ${Math.round(loss * 100)} % worse`]
  })
}

export function readCommitted(): Record<string, CommittedFigure> {
  const file = join(import.meta.dirname, '..', 'docs', 'figures.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { figures: Record<string, CommittedFigure> }).figures
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Three significant digits below 1000, whole numbers above. */
export function short(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

export function printFigure(figure: Figure): void {
  console.log(lineOf(figure).join('  '))
}

function lineOf(figure: Figure): string[] {
  const { name, measured, unit, target, detail } = figure
  const wanted = !target ? 'stated' : 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`
  const reached = isReached(figure)
  const verdict = reached === undefined ? '' : reached ? 'pass' : figure.isDisturbed ? 'dist' : 'FAIL'
  return [
    name.padEnd(34),
    wanted.padEnd(8),
    `${short(measured)} ${unit}`.trim().padEnd(12),
    verdict.padEnd(4),
    detail,
  ]
}

export function printTable(figures: Figure[]): void {
  const head = ['figure'.padEnd(34), 'target  ', 'measured    ', '    ', 'made of']
  console.log(`\n${head.join('  ')}`)
  for (const figure of figures) printFigure(figure)
}

export function machineFacts(
  isPinned: boolean,
  postgresql: string,
): Record<string, string | number | boolean> {
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model ?? '',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    postgresql,
    pinned: isPinned,
    loadBefore: short(loadavg()[0] ?? 0),
  }
}

export function writeResults(results: { figures: Figure[] } & Record<string, unknown>): string {
  const dir = join(import.meta.dirname, 'results')
  mkdirSync(dir, { recursive: true })
  const file = join(dir, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`)
  const figures = results.figures.map(figure => ({ ...figure, reached: isReached(figure) }))
  writeFileSync(file, `${JSON.stringify({ ...results, figures }, null, 2)}\n`)
  return file
}
