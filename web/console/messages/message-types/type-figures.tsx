import { Segmented, Select, Statistic, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { Chart } from '../../../ui/charts/chart.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatListedDay, formatNumber } from '../../../ui/values/format.ts'
import { formatYuan } from '../../../ui/values/money.ts'
import { Time } from '../../../ui/values/time.tsx'
import { type Rows, typeRows } from '../../rows/figure-rows.ts'
import { RowsLink } from '../../rows/rows-link.tsx'
import { typeFigures } from '../words.tsx'

type Figures = Answer<'/web/message-types/figures'>
type Counts = Figures['total']
type Figure = (typeof typeFigures)[number]

const periods = ['7', '30', '90'] as const
const inChart = ['accepted', 'reached', 'read', 'failed'] as const
const people = {
  accepted: 'receivers',
  read: 'readers',
  acknowledged: 'acknowledgers',
  muted: 'mutedPeople',
} as const

/** What became of the messages of a type, by day; each figure leads to its messages. `isOfCorp`: several developers send by it. */
export function TypeFigures({ typeKey, isOfCorp }: { typeKey: string; isOfCorp: boolean }): ReactNode {
  const t = useText('message-types')
  const [days, setDays] = useState<(typeof periods)[number]>('7')
  const [developer, setDeveloper] = useState<string>()
  const asked = { key: typeKey, days, ...(developer ? { developer } : {}) }
  const read = useRead('/web/message-types/figures', asked, { keep: true, every: 60_000 })
  const { data } = read
  return (
    <div className="wisp-type-figures">
      <div className="wisp-type-periods">
        <Segmented
          aria-label={t('period')}
          value={days}
          options={periods.map(value => ({ value, label: t('days', { n: value }) }))}
          onChange={setDays}
        />
        {isOfCorp ? <DeveloperChoice value={developer} onChange={setDeveloper} /> : null}
      </div>
      {data ? (
        <Shown figures={data} rowsOf={rowsWith(data, developer)} />
      ) : read.error ? (
        <ErrorState error={read.error} retry={() => void read.refetch()} />
      ) : (
        <Loading height={320} />
      )}
    </div>
  )
}

function DeveloperChoice(props: {
  value: string | undefined
  onChange: (devId: string | undefined) => void
}): ReactNode {
  const t = useText('message-types')
  const { developers = [] } = useRead('/web/messages/choices').data ?? {}
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={t('byDeveloper')}
      placeholder={t('byDeveloper')}
      style={{ width: 200 }}
      value={props.value}
      options={developers.map(one => ({ value: one.devId, label: one.name }))}
      onChange={props.onChange}
    />
  )
}

/** Where a figure leads: `day` is the place of a day, all of them without it. Undefined where its messages may be deleted. */
type RowsOf = (figure: Figure, day?: number) => Rows | undefined

const rowsWith =
  ({ key, days, to, listedFrom }: Figures, developer: string | undefined): RowsOf =>
  (figure, day = -1) => {
    const first = days[Math.max(day, 0)]
    if (!first || first.day < listedFrom) return undefined
    const end = day < 0 ? to : (days[day + 1]?.from ?? to)
    return typeRows(key, figure, { from: first.from, to: end, developer })
  }

function Shown({ figures, rowsOf }: { figures: Figures; rowsOf: RowsOf }): ReactNode {
  const t = useText('message-types')
  const words = useText('messages')
  const { days, total, hasPrice } = figures
  const at = days.map(one => one.day)
  return (
    <>
      <div className="wisp-type-totals">
        {typeFigures.map(name => (
          <div key={name}>
            <Statistic
              title={words(`figure_${name}`)}
              value={total[name]}
              formatter={() => (
                <RowsLink rows={rowsOf(name)}>
                  <Value name={name} counts={total} />
                </RowsLink>
              )}
            />
            <Aside name={name} counts={total} hasPrice={hasPrice} />
          </div>
        ))}
      </div>
      <Chart
        title={t('figuresByDay')}
        unit={t('messageUnit')}
        at={at}
        series={inChart.map(name => ({
          label: words(`figure_${name}`),
          values: days.map(one => one[name]),
          cell: (day, n) => <RowsLink rows={rowsOf(name, at.indexOf(day))}>{n}</RowsLink>,
        }))}
      />
      <DayTable figures={figures} rowsOf={rowsOf} />
      <p className="wisp-quiet">
        {t('figuresHint')} <Counted days={days} />
      </p>
    </>
  )
}

const Value = ({ name, counts }: { name: Figure; counts: Counts }) =>
  name === 'cost' ? formatYuan(counts.cost) : formatNumber(counts[name])

/** How many people it is of, where that is counted. */
function Aside(props: { name: Figure; counts: Counts; hasPrice: boolean }): ReactNode {
  const t = useText('message-types')
  const { name, counts, hasPrice } = props
  if (name === 'cost' && !hasPrice && counts.cost === 0)
    return <PageLink to="/console/messages/settings">{t('noPrice')}</PageLink>
  if (!(name in people)) return null
  return (
    <span className="wisp-quiet">
      {t('peopleOf', { n: formatNumber(counts[people[name as keyof typeof people]]) })}
    </span>
  )
}

function DayTable({ figures, rowsOf }: { figures: Figures; rowsOf: RowsOf }): ReactNode {
  const t = useText('message-types')
  const words = useText('messages')
  const { days } = figures
  return (
    <Table
      size="small"
      aria-label={t('figuresByDay')}
      rowKey="day"
      dataSource={days.map((one, n) => ({ ...one, n })).reverse()}
      scroll={{ x: 'max-content' }}
      pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
      columns={[
        {
          key: 'day',
          title: t('day'),
          dataIndex: 'day',
          render: formatListedDay,
          fixed: 'left',
        },
        ...typeFigures.map(name => ({
          key: name,
          title: words(`figure_${name}`),
          align: 'right' as const,
          render: (_: unknown, one: Figures['days'][number] & { n: number }) => (
            <RowsLink rows={rowsOf(name, one.n)}>
              <Value name={name} counts={one} />
            </RowsLink>
          ),
        })),
      ]}
    />
  )
}

/** When today was counted; its messages may be more by now. */
function Counted({ days }: Pick<Figures, 'days'>): ReactNode {
  const t = useText('message-types')
  const { countedAt = '' } = days.at(-1) ?? {}
  return (
    <>
      {t('countedAt')} <Time at={countedAt} none={t('notCounted')} />
    </>
  )
}
