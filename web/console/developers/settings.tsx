import { Form, Switch } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { ObjectForm, useObjectForm } from '../../ui/forms/object-form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { yuanOf } from '../../ui/values/money.ts'
import { pickedFrom } from '../../ui/values/picked.ts'
import { useApproval } from './approve-personal.ts'
import { DeveloperFields } from './developer-fields.tsx'
import { type DeveloperForm, toInput } from './form-values.ts'
import { useUpstreamCalls } from './upstream-paths.tsx'

type Values = DeveloperForm & { enabled: boolean }

/** The rights of a developer. Disabling has to be confirmed. */
export function DeveloperSettings(props: {
  developer: Answer<'/web/developers/one'>
  reread(): Promise<unknown>
}): ReactNode {
  const t = useText('developers')
  const { developer, reread } = props
  const { devId, version } = developer
  const { personalAmong } = useUpstreamCalls(devId)
  const approval = useApproval(devId, developer.upstreamPaths)
  const object = useObjectForm<Values, '/web/developers/save'>('/web/developers/save', {
    shown: formOf(developer),
    version,
    labels: useLabels(developer),
    fields: { named: { name: 'name', [t('ips')]: 'ips', allowedIps: 'ips' } },
    reread,
    done: t('saved'),
    refresh: ['/web/developers'],
    confirm: input =>
      developer.enabled && input.enabled === '0'
        ? {
            title: t('disableTitle', { name: developer.name }),
            content: t('disableHint'),
            okText: t('disableAct'),
            danger: true,
          }
        : approval(input),
  })
  return (
    <Panel>
      <ObjectForm
        object={object}
        save={form =>
          void object.run({
            ...toInput(form),
            ...(personalAmong(added(developer, form)).length > 0 ? { approvePersonal: '1' } : {}),
            devId,
            version: object.version,
            enabled: form.enabled ? '1' : '0',
          })
        }
      >
        <Form.Item name="enabled" label={t('enabled')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <DeveloperFields devId={devId} />
      </ObjectForm>
    </Panel>
  )
}

function useLabels(developer: Answer<'/web/developers/one'>) {
  const t = useText('developers')
  const owners = useText('developer-owners')
  const named = (ids: readonly number[], rows: readonly { id: number; name: string }[] = []) =>
    ids.map(id => rows.find(one => one.id === id)?.name ?? String(id)).join('、')
  const { dataScope } = developer
  return {
    name: t('name'),
    enabled: t('enabled'),
    scopes: t('purposes'),
    scopeDays: {
      label: owners('lastDay'),
      tell: (days: Values['scopeDays']) =>
        Object.entries(days)
          .map(([scope, day]) => `${scope} ${day?.format('YYYY-MM-DD') ?? ''}`)
          .join('、'),
    },
    range: {
      label: t('dataScope'),
      tell: (range: Values['range']) => t(range === 'all' ? 'dataScopeAll' : 'dataScopeSome'),
    },
    departments: { label: t('departments'), tell: (ids: number[]) => named(ids, dataScope?.departments) },
    tags: { label: t('tags'), tell: (ids: number[]) => named(ids, dataScope?.tags) },
    groups: { label: t('groups'), tell: (ids: number[]) => named(ids, dataScope?.groups) },
    ips: t('ips'),
    accounts: t('accounts'),
    listStyle: {
      label: t('listStyle'),
      tell: (style: Values['listStyle']) => t(style === 'object' ? 'listObject' : 'listArray'),
    },
    packets: {
      label: t('packets'),
      tell: (packets: Values['packets']) =>
        t(({ off: 'packetsOff', allowed: 'packetsAllowed', required: 'packetsRequired' } as const)[packets]),
    },
    newDevices: t('newDevices'),
    upstreamPaths: t('upstreamPaths'),
    refundEach: t('refundEach'),
    refundDay: t('refundDay'),
    smsBudget: t('smsBudget'),
  }
}

/** The calls of vendors that the form adds. */
function added(
  { upstreamPaths: had }: Answer<'/web/developers/one'>,
  { upstreamPaths = [] }: Values,
): string[] {
  return upstreamPaths.filter(path => !had.includes(path))
}

function formOf(developer: Answer<'/web/developers/one'>): Values {
  const {
    name,
    enabled,
    scopes,
    dataScope,
    allowedIps,
    accounts,
    listStyle,
    packets,
    newDevices,
    strictInputs,
    ownAgents,
    wholeInbox,
    upstreamPaths,
    refundLimits,
    smsBudget,
  } = developer
  return {
    name,
    enabled,
    scopes,
    scopeDays: Object.fromEntries(
      Object.entries(developer.scopeDays).map(([scope, day]) => [scope, pickedFrom(day)]),
    ),
    range: dataScope ? 'some' : 'all',
    departments: dataScope?.departments.map(one => one.id) ?? [],
    tags: dataScope?.tags.map(one => one.id) ?? [],
    groups: dataScope?.groups.map(one => one.id) ?? [],
    ips: allowedIps.join('\n'),
    accounts: accounts ?? [],
    listStyle,
    packets,
    newDevices,
    strictInputs,
    ownAgents,
    wholeInbox,
    upstreamPaths,
    refundEach: yuanOf(refundLimits.each),
    refundDay: yuanOf(refundLimits.day),
    smsBudget: yuanOf(smsBudget),
  }
}
