import { type ReactNode, useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { useIsDark } from '../look/theme-choice.ts'
import { formatAxisDay, formatNumber } from '../values/format.ts'
import type { ChartData } from './chart-data.ts'

const bars = uPlot.paths.bars?.({ size: [0.7, 36] })

/**
 * The colours of Okabe and Ito, which colour-blind people can tell apart; each series also has its own dash
 * pattern.
 */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00']
const onDark = ['#56b4e9', '#e69f00', '#2fc39a', '#e59fc4', '#8fb8ff', '#ff8a4c']
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3], [4, 4], [1, 2]]

/** The unit stands above the axis, in px, because uPlot writes it upwards beside it. */
const unitHeight = 20

/** The plot of a Chart. Its code is loaded only when a chart is shown. */
export function ChartPlot(props: ChartData & { height: number; timeLabel: string }): ReactNode {
  const ref = useRef<HTMLDivElement>(null)
  const isDark = useIsDark()
  useEffect(() => {
    const box = ref.current
    if (!box) return
    const plot = new uPlot(optionsOf(props, box.clientWidth, isDark), dataOf(props), box)
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: box.clientWidth, height: props.height - unitHeight - 36 }),
    )
    observer.observe(box)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [props, isDark])
  return (
    <>
      <div className="wisp-quiet wisp-unit">{props.unit}</div>
      <div ref={ref} className="wisp-plot" style={{ minHeight: props.height - unitHeight }} />
    </>
  )
}

function dataOf(data: ChartData): uPlot.AlignedData {
  // A day of the calendar begins at midnight in UTC, as `tzDate` below and the labels have it.
  const x = data.at.map(at => Date.parse(at) / 1000)
  const lines = data.series.map(one => [...one.values])
  if (data.kind !== 'stacked') return [x, ...lines]
  const sums = lines.map((_, index) =>
    x.map((_at, point) => lines.slice(index).reduce((sum, line) => sum + (line[point] ?? 0), 0)),
  )
  return [x, ...sums]
}

function optionsOf(
  data: ChartData & { height: number; timeLabel: string },
  width: number,
  isDark: boolean,
): uPlot.Options {
  const palette = isDark ? onDark : colours
  const axis = {
    stroke: isDark ? '#a3a9b5' : '#5f6672',
    grid: { stroke: isDark ? '#2c313a' : '#e9ecf1', width: 1 },
    ticks: { show: false },
    font: '12px "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui',
  }
  const isStacked = data.kind === 'stacked'
  return {
    width,
    height: data.height - unitHeight - 36,
    tzDate: seconds => uPlot.tzDate(new Date(1000 * seconds), 'Etc/UTC'),
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: {
        range: (_plot, min, max) => (isStacked ? [min - halfStep(data), max + halfStep(data)] : [min, max]),
      },
      y: { range: (_plot, _min, max) => [0, max > 0 ? niceTop(max) : 1] },
    },
    axes: [
      { ...axis, space: 76, values: (_plot, splits) => splits.map(seconds => formatAxisDay(1000 * seconds)) },
      {
        ...axis,
        size: (_plot, values) => Math.max(56, 16 + 7 * Math.max(0, ...(values ?? []).map(one => one.length))),
        incrs: Array.from({ length: 10 }, (_, power) => [1, 2, 5].map(n => n * 10 ** power)).flat(),
        values: (_plot, splits) => splits.map(formatNumber),
      },
    ],
    series: [
      {
        label: data.timeLabel,
        value: (_plot, seconds) => (seconds === null ? '' : formatAxisDay(1000 * seconds)),
      },
      ...data.series.map((one, index) => {
        const colour = palette[index % palette.length] ?? '#0072b2'
        return {
          label: one.label,
          stroke: colour,
          width: isStacked ? 0 : 2,
          dash: isStacked ? [] : (dashes[index % dashes.length] ?? []),
          fill: isStacked ? colour : `${colour}18`,
          points: { show: !isStacked && data.at.length <= 2 },
          ...(isStacked && bars ? { paths: bars } : {}),
          value: (_plot: uPlot, _value: number | null, _series: number, point: number | null) =>
            point === null ? '' : formatNumber(one.values[point] ?? 0),
        }
      }),
    ],
  }
}

/** Half the distance between two bars, in seconds. */
function halfStep(data: ChartData): number {
  const [first, second] = data.at.map(at => new Date(at).getTime() / 1000)
  return first === undefined || second === undefined ? 43_200 : (second - first) / 2
}

/** Rounds up to 1, 2, 5, 10, 20 and so on, so that the top grid line has a round number. */
function niceTop(max: number): number {
  const power = 10 ** Math.floor(Math.log10(max))
  return (([1, 2, 3, 4, 5, 6, 8, 10].find(step => step * power >= max * 1.02) ?? 12) as number) * power
}
