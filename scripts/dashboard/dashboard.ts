import { type Panel, type Row, rows } from './panels.ts'

/** A dashboard as Grafana 10 and later import it. The data source is asked for at the import, and can be changed at the top. */
export const dashboardFile = 'deploy/grafana-dashboard.json'

const across = 24
const source = { type: 'prometheus', uid: '$datasource' }
const heights: Record<Panel['kind'], number> = { timeseries: 8, table: 8, stat: 4 }

function panelOf({ title, kind, unit, queries, worry }: Panel, id: number, gridPos: object): object {
  const colours = worry?.below ? ['red', 'green'] : ['green', 'red']
  const steps = [{ color: worry ? colours[0] : 'blue', value: null }]
  if (worry) steps.push({ color: colours[1], value: worry.at as never })
  const isTable = kind === 'table'
  return {
    id,
    title,
    type: kind,
    gridPos,
    datasource: source,
    fieldConfig: {
      defaults: { unit, min: 0, thresholds: { mode: 'absolute', steps } },
      overrides: [],
    },
    options: isTable
      ? { showHeader: true }
      : kind === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value' }
        : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    ...(isTable && {
      transformations: [{ id: 'organize', options: { excludeByName: { Time: true } } }],
    }),
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: source,
      expr,
      ...(isTable ? { format: 'table', instant: true } : { legendFormat: legendFormat || '__auto' }),
    })),
  }
}

/** Figures stand four in a line above the lines, and those three in a line. */
function layOut(row: Row, first: { id: number; y: number }): { panels: object[]; id: number; y: number } {
  let { id, y } = first
  const panels: object[] = [
    { id: id++, title: row.title, type: 'row', collapsed: false, gridPos: { h: 1, w: across, x: 0, y: y++ } },
  ]
  for (const isSmall of [true, false]) {
    const group = row.panels.filter(one => (one.kind === 'stat') === isSmall)
    const each = isSmall ? 4 : group.length % 3 === 0 ? 3 : 2
    const w = across / each
    for (const [index, panel] of group.entries()) {
      const h = heights[panel.kind]
      panels.push(panelOf(panel, id++, { h, w, x: (index % each) * w, y: y + Math.floor(index / each) * h }))
    }
    y += Math.ceil(group.length / each) * heights[isSmall ? 'stat' : 'timeseries']
  }
  return { panels, id, y }
}

const choice = (name: string, label: string, query: string) => ({
  name,
  label,
  type: 'query',
  datasource: source,
  query: { query, refId: name },
  refresh: 2,
  sort: 1,
  includeAll: true,
  multi: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
})

export function dashboard(): string {
  let next = { id: 1, y: 0 }
  const panels = rows.flatMap(row => {
    const laid = layOut(row, next)
    next = laid
    return laid.panels
  })
  const whole = {
    uid: 'wisp',
    title: 'wisp',
    tags: ['wisp'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: 'browser',
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: '数据源 · Data source', type: 'datasource', query: 'prometheus' },
        choice('job', '任务 · Job', 'label_values(wisp_build_info, job)'),
        choice('node', '节点 · Node', 'label_values(wisp_build_info{job=~"$job"}, instance)'),
      ],
    },
    panels,
  }
  return `${JSON.stringify(whole, null, 2)}\n`
}
