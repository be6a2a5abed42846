import { Descriptions, Timeline } from 'antd'
import type { ReactNode } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { Time } from '../../../ui/values/time.tsx'

/** One approval: what was filled in, and its steps. */
export function ApprovalDetail({ id }: { id: number }): ReactNode {
  const t = useText('approvals')
  const read = useRead('/web/approvals/one', { id })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { data } = read
  const facts = [
    { key: 'no', label: t('no'), children: <code>{data.spNo || data.thirdNo || '—'}</code> },
    { key: 'who', label: t('applicant'), children: <bdi>{data.userName}</bdi> },
    { key: 'status', label: t('status'), children: t(data.status) },
    { key: 'waits', label: t('waitsFor'), children: <bdi>{data.waitNames.join('、') || '—'}</bdi> },
    { key: 'since', label: t('since'), children: <Time at={data.since} /> },
    ...data.fields.map(({ name, value }) => ({
      key: `field ${name}`,
      label: <bdi>{name}</bdi>,
      children: <bdi>{shown(value)}</bdi>,
    })),
  ]
  const steps = data.steps.flatMap((step, at) =>
    step.people.map((one, place) => ({
      key: `${at} ${place}`,
      content: (
        <>
          <bdi>{one.userId}</bdi> {t(step.kind === 'copy' ? 'copied' : `person_${one.status}`)}{' '}
          {one.at ? <Time at={one.at} /> : null} <bdi className="wisp-quiet">{one.speech}</bdi>
        </>
      ),
    })),
  )
  return (
    <>
      <Descriptions column={1} size="small" items={facts} />
      <Timeline items={steps} />
    </>
  )
}

/** Lists one after the other, rows by their columns, ranges from their begin to their end. */
function shown(value: unknown): string {
  if (Array.isArray(value))
    return value.map(shown).join(value.every(one => typeof one === 'string') ? '、' : '；')
  if (typeof value !== 'object' || value === null) return String(value ?? '')
  if ('name' in value && 'value' in value) return `${String(value.name)}：${shown(value.value)}`
  if (!('begin' in value && 'end' in value)) return Object.values(value).map(shown).filter(Boolean).join(' ')
  const { begin, end, ...more } = value
  return [...Object.values(more), `${shown(begin)} – ${shown(end)}`].map(shown).join(' ')
}
