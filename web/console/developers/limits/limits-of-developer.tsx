import { Form } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { type GivenLimits, LimitFields, valuesOf } from './limit-fields.tsx'
import { LimitUse } from './limit-use.tsx'

/** The tab of a developer's limits, with a form to change them. Who only owns the developer is shown `LimitUse` alone. */
export function LimitsOfDeveloper(props: { devId: string }): ReactNode {
  const { devId } = props
  const { data, refetch } = useRead('/web/developers/limits', { devId })
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <LimitUse devId={devId} />
      {data ? <LimitForm devId={devId} limits={data} reread={refetch} /> : null}
    </div>
  )
}

function LimitForm(props: {
  devId: string
  limits: Answer<'/web/developers/limits'>
  reread(): Promise<unknown>
}): ReactNode {
  const t = useText('limits')
  const { devId, limits, reread } = props
  const object = useObjectForm<{ limits: GivenLimits }, '/web/developers/limits/save'>(
    '/web/developers/limits/save',
    {
      shown: { limits: valuesOf(limits.groups) },
      version: limits.version,
      labels: { limits: { label: t('limitsTitle'), tell: useLimitsTold() } },
      fields: { named: { limits: 'limits' } },
      reread,
      done: t('saved'),
      refresh: ['/web/developers'],
    },
  )
  return (
    <Panel title={t('edit')}>
      <ObjectForm
        object={object}
        save={values => void object.run({ devId, version: object.version, limits: values.limits })}
      >
        <Form.Item name="limits" extra={t('editHint')}>
          <LimitFields groups={limits.groups} />
        </Form.Item>
      </ObjectForm>
    </Panel>
  )
}

/** Returns a function that says which limits are set. */
export function useLimitsTold(): (limits: GivenLimits) => string {
  const t = useText('limits')
  return limits =>
    Object.entries(limits)
      .filter(([, one]) => one?.perMinute || one?.perDay)
      .map(
        ([group, one]) =>
          `${t(group as keyof GivenLimits)} ${t('perMinute')} ${one?.perMinute ?? '—'} ${t('perDay')} ${one?.perDay ?? '—'}`,
      )
      .join('、') || '—'
}
