import { Button } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { EmptyState, Loading } from '../feedback.tsx'
import { Panel } from '../panel.tsx'
import { useText } from '../text.ts'
import { formatListedDay, formatNumber, formatTime } from '../values/format.ts'
import type { ChartData, Series } from './chart-data.ts'
// Half a kilobyte, which is one file less here than beside the plot.
import 'uplot/dist/uPlot.min.css'

/** Of `2026-10-05`. */
const dayLength = 10

const Plot = lazy(async () => ({ default: (await import('./chart-plot.tsx')).ChartPlot }))

/** A card with a chart over time, which can be switched to a table of its figures. */
export function Chart(props: ChartData & { title: string; height?: number; extra?: ReactNode }): ReactNode {
  const t = useText('common')
  const [isTable, setTable] = useState(false)
  const height = props.height ?? 240
  const isEmpty = props.series.every(one => one.values.every(value => value === 0))
  const toggle = (
    <Button size="small" type="text" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
      {isTable ? t('asChart') : t('asFigures')}
    </Button>
  )
  return (
    <Panel
      title={props.title}
      extra={
        <>
          {props.extra}
          {isEmpty ? null : toggle}
        </>
      }
    >
      {isEmpty ? (
        <div style={{ minHeight: height, display: 'grid', placeItems: 'center' }}>
          <EmptyState />
        </div>
      ) : isTable ? (
        <Figures {...props} height={height} />
      ) : (
        <div role="img" aria-label={`${props.title}：${summary(props)}`}>
          <Suspense fallback={<Loading height={height} />}>
            <Plot {...props} height={height} timeLabel={t('time')} />
          </Suspense>
        </div>
      )}
    </Panel>
  )
}

function summary(data: ChartData): string {
  return data.series
    .map(
      one => `${one.label} ${formatNumber(one.values.reduce((sum, value) => sum + value, 0))} ${data.unit}`,
    )
    .join('，')
}

function figureOf({ values, cell }: Series, at: string, index: number): ReactNode {
  const figure = formatNumber(values[index] ?? 0)
  return cell ? cell(at, figure) : figure
}

function Figures(props: ChartData & { title: string; height: number }): ReactNode {
  const t = useText('common')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard.
    <section style={{ maxHeight: props.height, overflow: 'auto' }} tabIndex={0} aria-label={props.title}>
      <table className="wisp-figures">
        <thead>
          <tr>
            <th scope="col">{t('time')}</th>
            {props.series.map(one => (
              <th key={one.label} scope="col">
                {one.label}（{props.unit}）
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.at.map((at, index) => (
            <tr key={at}>
              <th scope="row">{at.length === dayLength ? formatListedDay(at) : formatTime(at)}</th>
              {props.series.map(one => (
                <td key={one.label}>{figureOf(one, at, index)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
