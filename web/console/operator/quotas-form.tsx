import { Form, InputNumber } from 'antd'
import type { ReactNode } from 'react'
import { ObjectForm, useObjectForm } from '../../ui/forms/object-form.tsx'
import { useText } from '../../ui/text.ts'
import { formatNumber } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import { type OneCorp, quotaKinds } from './corp-words.tsx'

const names = ['members', 'developers', 'callsPerDay', 'messagesPerDay'] as const
/** What is used of a quota that is not set. */
const usedNow = {
  members: 'members',
  developers: 'developers',
  callsPerDay: 'callsToday',
  messagesPerDay: 'messagesToday',
} as const satisfies Record<(typeof names)[number], keyof OneCorp>
type Values = Record<(typeof names)[number], number | null>

/** What the corp is allowed; what is empty has no limit. */
export function QuotasForm(props: { corp: OneCorp; reread(): Promise<unknown> }): ReactNode {
  const t = useText('operator')
  const { corp, reread } = props
  const { quotaSettings: set, version } = corp
  const object = useObjectForm<Values, '/web/operator/quotas'>('/web/operator/quotas', {
    shown: {
      members: set.members ?? null,
      developers: set.developers ?? null,
      callsPerDay: set.callsPerDay ?? null,
      messagesPerDay: set.messagesPerDay ?? null,
    },
    version,
    labels: {
      members: t('quota_members'),
      developers: t('quota_developers'),
      callsPerDay: t('quota_callsPerDay'),
      messagesPerDay: t('quota_messagesPerDay'),
    },
    fields: { named: {} },
    reread,
    done: t('saved'),
    refresh: ['/web/operator'],
  })
  const save = (values: Values) =>
    void object.run({
      of: corp.corpId,
      version: object.version,
      quotas: Object.fromEntries(names.map(name => [name, values[name] ?? null])),
    })
  return (
    <div className="operator-quotas">
      <ObjectForm object={object} save={save}>
        <p className="wisp-quiet">{t('quotaHint')}</p>
        {names.map(name => (
          <Form.Item
            key={name}
            name={name}
            label={t(`quota_${name}`)}
            extra={
              <>
                {t(`help_${name}`)} <Used corp={corp} name={name} />
              </>
            }
            rules={[{ type: 'integer', min: 1, max: 1_000_000_000 }]}
          >
            <InputNumber<number>
              min={1}
              max={1_000_000_000}
              precision={0}
              placeholder={t('unlimited')}
              style={{ width: 220 }}
            />
          </Form.Item>
        ))}
      </ObjectForm>
    </div>
  )
}

function Used({ corp, name }: { corp: OneCorp; name: (typeof names)[number] }): ReactNode {
  const t = useText('operator')
  const use = corp.quotas.find(one => one.name === name)
  if (!use) return t('usedNow', { used: formatNumber(corp[usedNow[name]]) })
  const told = t('used', { used: formatNumber(use.used), quota: formatNumber(use.quota) })
  return use.state === 'ok' ? told : <State kind={quotaKinds[use.state]}>{told}</State>
}
