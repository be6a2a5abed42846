import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { version } from '../version.ts'

/** The figures of /metrics. Counting only updates a map; the registry is filled when /metrics is requested. */
export type Metrics = {
  countCall(path: string, code: string, ms: number): void
  countUpstream(upstream: string, path: string, errcode: number | string, ms: number): void
  /** A call that had to wait until this address might make one more, and whether it was made. */
  countWait(lane: string, outcome: 'let' | 'refused', ms: number): void
  /** Pushes of an upstream that could not be stored; 0 shows the figure before there are any. */
  countRefusedPushes(stream: string, count: number): void
  /** Changes that a check of an address book found after they may have been missed. */
  countMended(changes: number): void
  /** A row of this kind that strangers caused and that was not written. */
  countLeftOut(kind: string, why: 'limit' | 'full' | 'failed'): void
  /**
   * `read` runs at each request of /metrics, so that queues and pools show their current state. A gauge that cannot be read, or not
   * soon, has no values; the others are shown all the same.
   */
  gauge(name: string, help: string, labels: string[], read: () => Promise<GaugeValue[]> | GaugeValue[]): void
  text(): Promise<string>
}

export type GaugeValue = { labels: Record<string, string>; value: number }

/** Upper bounds in seconds. */
const callBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Monitoring asks every few seconds, and gives up after ten. */
const readWithinMs = 3000

/** Counted by hand: a call that is answered from memory takes little more time than observing it in a Histogram would. */
type Calls = { codes: Map<string, number>; buckets: number[]; seconds: number }

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const calls = new Map<string, Calls>()
  registerCalls(registry, calls)
  registerBuild(registry)
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers: [registry] })
  const upstream = counter(
    'wisp_upstream_calls_total',
    'calls to WeCom, official accounts and WeChat Pay by path and errcode',
    ['upstream', 'path', 'errcode'],
  )
  const upstreamSeconds = new Histogram({
    name: 'wisp_upstream_seconds',
    help: 'time of calls to WeCom, official accounts and WeChat Pay',
    labelNames: ['upstream', 'path'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15],
    registers: [registry],
  })
  const waits = counter(
    'wisp_upstream_waits_total',
    'calls that waited because too many of their kind leave this address; refused: in vain',
    ['lane', 'outcome'],
  )
  const waitSeconds = counter('wisp_upstream_wait_seconds_total', 'for how long they waited', ['lane'])
  return {
    ...lossCounters(registry),
    countCall(path, code, ms) {
      let one = calls.get(path)
      if (!one) {
        one = { codes: new Map(), buckets: new Array(callBuckets.length + 1).fill(0), seconds: 0 }
        calls.set(path, one)
      }
      one.codes.set(code, (one.codes.get(code) ?? 0) + 1)
      const seconds = ms / 1000
      one.seconds += seconds
      let bucket = 0
      while (bucket < callBuckets.length && seconds > (callBuckets[bucket] ?? 0)) bucket++
      one.buckets[bucket] = (one.buckets[bucket] ?? 0) + 1
    },
    countUpstream(name, path, errcode, ms) {
      upstream.inc({ upstream: name, path, errcode: String(errcode) })
      upstreamSeconds.observe({ upstream: name, path }, ms / 1000)
    },
    countWait(lane, outcome, ms) {
      waits.inc({ lane, outcome })
      waitSeconds.inc({ lane }, ms / 1000)
    },
    gauge(name, help, labelNames, read) {
      new Gauge({
        name,
        help,
        labelNames,
        registers: [registry],
        async collect() {
          this.reset()
          // The library keeps a 0 for a gauge without labels, which would be taken for a figure.
          if (labelNames.length === 0) this.remove()
          for (const { labels, value } of await readSoon(read)) this.set(labels, value)
        },
      })
    },
    text: async () => `${await registry.metrics()}\n${callSeconds(calls)}`,
  }
}

/** What was lost, or nearly. */
function lossCounters(
  registry: Registry,
): Pick<Metrics, 'countRefusedPushes' | 'countMended' | 'countLeftOut'> {
  const refusedPushes = new Counter({
    name: 'wisp_pushes_refused_total',
    help: 'pushes of upstreams that were refused because the database did not answer or had no room',
    labelNames: ['stream'],
    registers: [registry],
  })
  const mended = new Counter({
    name: 'wisp_missed_changes_total',
    help: 'changes of address books that were missed while the database or wisp was away, and found afterwards',
    registers: [registry],
  })
  const leftOut = new Counter({
    name: 'wisp_strangers_left_out_total',
    help: 'rows about what strangers were refused that were not written; limit: as intended, full: too many at once, failed: by the database',
    labelNames: ['kind', 'why'],
    registers: [registry],
  })
  return {
    countRefusedPushes: (stream, count) => refusedPushes.inc({ stream }, count),
    countMended: changes => mended.inc(changes),
    countLeftOut: (kind, why) => leftOut.inc({ kind, why }),
  }
}

function registerBuild(registry: Registry): void {
  new Gauge({
    name: 'wisp_build_info',
    help: 'always 1; the release and the Node that run',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.version }, 1)
}

function registerCalls(registry: Registry, calls: ReadonlyMap<string, Calls>): void {
  new Counter({
    name: 'wisp_calls_total',
    help: 'API calls by endpoint and retCode',
    labelNames: ['endpoint', 'code'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [endpoint, { codes }] of calls)
        for (const [code, n] of codes) this.inc({ endpoint, code }, n)
    },
  })
}

/** In Prometheus' own text, since a Histogram of the library cannot be filled with what was counted elsewhere. */
function callSeconds(calls: ReadonlyMap<string, Calls>): string {
  const name = 'wisp_call_seconds'
  const lines = [`# HELP ${name} time of API calls`, `# TYPE ${name} histogram`]
  for (const [endpoint, { buckets, seconds }] of calls) {
    const of = `endpoint="${endpoint}"`
    let sum = 0
    for (const [index, n] of buckets.entries()) {
      sum += n
      lines.push(`${name}_bucket{${of},le="${callBuckets[index] ?? '+Inf'}"} ${sum}`)
    }
    lines.push(`${name}_sum{${of}} ${seconds}`, `${name}_count{${of}} ${sum}`)
  }
  return `${lines.join('\n')}\n`
}

async function readSoon(read: () => Promise<GaugeValue[]> | GaugeValue[]): Promise<GaugeValue[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<GaugeValue[]>(resolve => {
    timer = setTimeout(resolve, readWithinMs, [])
  })
  try {
    return await Promise.race([read(), late])
  } catch {
    return []
  } finally {
    clearTimeout(timer)
  }
}
