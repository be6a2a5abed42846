import { Form, InputNumber } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { useText } from '../../../ui/text.ts'
import { type GivenLimits, LimitFields, valuesOf } from './limit-fields.tsx'
import { useLimitsTold } from './limits-of-developer.tsx'

/** What holds for developers who have nothing else set: the days of the request log, and limits. */
export function DeveloperDefaults(props: { close(): void }): ReactNode {
  const { data, error, refetch } = useRead('/web/developers/defaults')
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return <DefaultsForm shown={data} close={props.close} reread={refetch} />
}

type Values = { requestLogDays: number; dataReadDays: number; limits: GivenLimits }

function DefaultsForm(props: {
  shown: Answer<'/web/developers/defaults'>
  close(): void
  reread(): Promise<unknown>
}): ReactNode {
  const t = useText('limits')
  const { shown, close, reread } = props
  const object = useObjectForm<Values, '/web/developers/defaults/save'>('/web/developers/defaults/save', {
    shown: {
      requestLogDays: shown.requestLogDays,
      dataReadDays: shown.dataReadDays,
      limits: valuesOf(shown.groups),
    },
    version: shown.version,
    labels: {
      requestLogDays: t('logDays'),
      dataReadDays: t('dataReadDays'),
      limits: { label: t('limitsTitle'), tell: useLimitsTold() },
    },
    fields: { named: { requestLogDays: 'requestLogDays', dataReadDays: 'dataReadDays', limits: 'limits' } },
    reread,
    done: t('saved'),
    refresh: ['/web/developers'],
  })
  const save = async (values: Values) => {
    if (await object.run({ version: object.version, ...values })) close()
  }
  return (
    <ObjectForm object={object} save={values => void save(values)}>
      <p className="wisp-quiet">{t('defaultsHint')}</p>
      <Form.Item
        name="requestLogDays"
        label={t('logDays')}
        extra={t('logDaysHelp')}
        rules={[{ required: true, type: 'integer', min: 0, max: 7 }]}
      >
        <InputNumber min={0} max={7} precision={0} suffix={t('days')} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item
        name="dataReadDays"
        label={t('dataReadDays')}
        extra={t('dataReadDaysHelp')}
        rules={[{ required: true, type: 'integer', min: 0, max: 400 }]}
      >
        <InputNumber min={0} max={400} precision={0} suffix={t('days')} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item name="limits" label={t('limitsTitle')} extra={t('editHint')}>
        <LimitFields groups={shown.groups.map(({ group, standard }) => ({ group, inherited: standard }))} />
      </Form.Item>
    </ObjectForm>
  )
}
