/** A metric that a node exports, with the labels that its samples have. */
export type ExportedMetric = { type: string; labels: Set<string>; samples: number }

const ofHistogram = /_(bucket|sum|count)$/

/** Reads Prometheus' own text. */
export function exported(text: string): Map<string, ExportedMetric> {
  const found = new Map<string, ExportedMetric>()
  for (const line of text.split('\n')) {
    const declared = /^# TYPE (\w+) (\w+)$/.exec(line)
    if (declared) found.set(declared[1]!, { type: declared[2]!, labels: new Set(), samples: 0 })
    const sample = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line)
    if (!sample) continue
    const [, name = '', labels = ''] = sample
    const metric = found.get(name) ?? found.get(name.replace(ofHistogram, ''))
    if (!metric) throw new Error(`${name} has no type`)
    metric.samples++
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) metric.labels.add(label)
  }
  return found
}

const metricNames = /\b((?:wisp|process|nodejs)_\w+)(?:\{([^}]*)\})?/g

const withoutStrings = (query: string) => query.replaceAll(/"[^"]*"/g, '""')

/** The metrics that a query names, as the node calls them. */
export const namesIn = (query: string): string[] => [
  ...new Set(selectorsIn(query).map(one => one.name.replace(ofHistogram, ''))),
]

export function selectorsIn(query: string): { name: string; labels: string[] }[] {
  return [...withoutStrings(query).matchAll(metricNames)].map(([, name = '', matchers = '']) => ({
    name,
    labels: [...matchers.matchAll(/(\w+) *(?:=~|!~|!=|=)/g)].map(match => match[1]!),
  }))
}

/** From the parenthesis at `start` to the one that closes it. */
function within(query: string, start: number): string {
  let depth = 0
  for (let at = start; at < query.length; at++) {
    if (query[at] === '(') depth++
    if (query[at] === ')' && --depth === 0) return query.slice(start, at)
  }
  throw new Error(`not closed: ${query}`)
}

/** Labels by which something is put together, each with what that is. */
function groupings(query: string): { labels: string[]; of: string }[] {
  return [...query.matchAll(/\bby \(([^)]*)\) (?=\()/g)].map(match => ({
    labels: match[1]!.split(',').map(label => label.trim()),
    of: within(query, match.index + match[0].length),
  }))
}

/** Prometheus gives these to each sample. */
const given = ['job', 'instance']

/** What a query asks for and no node has, in words. */
export function missing(query: string, metrics: ReadonlyMap<string, ExportedMetric>): string[] {
  const bare = withoutStrings(query)
  const grouped = groupings(bare).flatMap(({ labels, of }) =>
    selectorsIn(of).map(({ name }) => ({ name, labels })),
  )
  const wrong = [...selectorsIn(bare), ...grouped].flatMap(({ name, labels }) => {
    const metric = metrics.get(name) ?? metrics.get(name.replace(ofHistogram, ''))
    if (!metric) return [`no metric ${name}: ${query}`]
    return labels
      .filter(label => !given.includes(label) && !metric.labels.has(label))
      .map(label => `no label ${label} at ${name}: ${query}`)
  })
  return [...new Set(wrong)]
}
