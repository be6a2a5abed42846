import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** The figures of /metrics. Counting only updates a map; the registry is filled when /metrics is requested. */
export type Metrics = {
  countCall(path: string, code: string, ms: number): void
  countUpstream(path: string, errcode: number | string, ms: number): void
  /** `read` runs at each request of /metrics, so that queues and pools show their current state. */
  gauge(name: string, help: string, labels: string[], read: () => Promise<GaugeValue[]> | GaugeValue[]): void
  text(): Promise<string>
}

export type GaugeValue = { labels: Record<string, string>; value: number }

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const calls = new Map<string, Map<string, number>>()
  new Counter({
    name: 'wisp_calls_total',
    help: 'API calls by endpoint and retCode',
    labelNames: ['endpoint', 'code'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [endpoint, codes] of calls) for (const [code, n] of codes) this.inc({ endpoint, code }, n)
    },
  })
  const duration = new Histogram({
    name: 'wisp_slow_calls_seconds',
    help: 'API calls that took longer than 50 ms',
    labelNames: ['endpoint'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  const upstream = new Counter({
    name: 'wisp_upstream_calls_total',
    help: 'calls to WeCom by path and errcode',
    labelNames: ['path', 'errcode'],
    registers: [registry],
  })
  const upstreamSeconds = new Histogram({
    name: 'wisp_upstream_seconds',
    help: 'time of calls to WeCom',
    labelNames: ['path'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15],
    registers: [registry],
  })
  return {
    countCall(path, code, ms) {
      const codes = calls.getOrInsertComputed(path, () => new Map())
      codes.set(code, (codes.get(code) ?? 0) + 1)
      if (ms > 50) duration.observe({ endpoint: path }, ms / 1000)
    },
    countUpstream(path, errcode, ms) {
      upstream.inc({ path, errcode: String(errcode) })
      upstreamSeconds.observe({ path }, ms / 1000)
    },
    gauge(name, help, labelNames, read) {
      new Gauge({
        name,
        help,
        labelNames,
        registers: [registry],
        async collect() {
          this.reset()
          for (const { labels, value } of await read()) this.set(labels, value)
        },
      })
    },
    text: () => registry.metrics(),
  }
}
