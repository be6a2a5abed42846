import { Select } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import './developers.css'

export const passingOn = 'upstream:call'

type Call = Answer<'/web/developers/upstream-calls'>['list'][number]

/** The calls of vendors that may be passed on, by their names. */
export function useUpstreamCalls(devId?: string) {
  const read = useRead('/web/developers/upstream-calls', devId === undefined ? {} : { devId })
  const list = read.data?.list ?? []
  const named = new Map(list.map(one => [one.name, one]))
  return {
    list,
    closed: read.data?.closed ?? [],
    isReading: read.isPending,
    personalAmong: (paths: readonly string[]) => paths.filter(path => named.get(path)?.isPersonal),
    find: (path: string) => named.get(path),
  }
}

/** Chooses calls of vendors by path or by what they do; those that are given already are left out. */
export function UpstreamPaths(props: {
  devId?: string | undefined
  without?: readonly string[]
  value?: string[]
  onChange?: (value: string[]) => void
  id?: string
}): ReactNode {
  const t = useText('developers')
  const { list, isReading, find } = useUpstreamCalls(props.devId)
  const offered = list.filter(one => !props.without?.includes(one.name))
  const groups = Map.groupBy(offered, one => one.vendor)
  const { id, value = [], onChange } = props
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      mode="multiple"
      loading={isReading}
      value={value}
      {...(onChange ? { onChange } : {})}
      placeholder={t('upstreamPick')}
      showSearch={{
        filterOption: (text, option) =>
          option !== undefined && 'value' in option && found(text, find(String(option.value))),
      }}
      options={[...groups].map(([vendor, calls]) => ({
        label: t(vendor === 'wecom' ? 'upstreamWecom' : 'upstreamOfficial'),
        options: calls.map(({ name }) => ({ value: name, label: name })),
      }))}
      optionRender={option => <CallLine call={find(String(option.value)) ?? unknownCall(option.value)} />}
    />
  )
}

function found(text: string, call: Call | undefined): boolean {
  const whole = `${call?.name} ${call?.about}`.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => whole.includes(word))
}

/** One that this version does not know. */
export function unknownCall(name: unknown): Pick<Call, 'name' | 'about' | 'isPersonal'> {
  return { name: String(name), about: '', isPersonal: false }
}

/** What a call does, its path, and whether it is about people. */
export function CallLine({ call }: { call: Pick<Call, 'name' | 'about' | 'isPersonal'> }): ReactNode {
  return (
    <span className="developers-upstream">
      <span>
        {call.about} {call.isPersonal ? <Personal /> : null}
      </span>
      <code className="wisp-quiet">{call.name}</code>
    </span>
  )
}

function Personal(): ReactNode {
  const t = useText('developers')
  return <State kind="warn">{t('upstreamPersonal')}</State>
}

/** Calls that a developer has or asks for, one a line. */
export function UpstreamList(props: { devId: string; paths: readonly string[] }): ReactNode {
  const { find } = useUpstreamCalls(props.devId)
  return (
    <ul className="developers-list">
      {props.paths.map(path => (
        <li key={path}>
          <CallLine call={find(path) ?? unknownCall(path)} />
        </li>
      ))}
    </ul>
  )
}

/** What is never passed on, and why. */
export function ClosedCalls({ devId }: { devId?: string | undefined }): ReactNode {
  const t = useText('developers')
  const reasons = Map.groupBy(useUpstreamCalls(devId).closed, one => one.why)
  return (
    <details className="developers-closed">
      <summary>{t('upstreamClosed')}</summary>
      <dl>
        {[...reasons].map(([why, calls]) => (
          <div key={why}>
            <dt>{why}</dt>
            <dd>
              <code>{calls.map(one => one.begins).join('  ')}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
