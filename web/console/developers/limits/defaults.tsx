import { Form, InputNumber } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../../ui/address/drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { LimitFields, valuesOf } from './limit-fields.tsx'

/** What holds for developers who have nothing else set: the days of the request log, and limits. */
export function DeveloperDefaults(props: { close(): void }): ReactNode {
  const read = useRead('/web/developers/defaults')
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  return <DefaultsForm key={read.data.version} shown={read.data} close={props.close} />
}

function DefaultsForm(props: { shown: Answer<'/web/developers/defaults'>; close(): void }): ReactNode {
  const t = useText('limits')
  const common = useText('common')
  const { shown } = props
  const unsaved = useUnsaved()
  const [values, setValues] = useState(valuesOf(shown.groups))
  const act = useAct('/web/developers/defaults/save', {
    done: t('saved'),
    refresh: ['/web/developers'],
  })
  const save = async ({ requestLogDays }: { requestLogDays: number }) => {
    const saved = await act.run({ version: shown.version, requestLogDays, limits: values })
    if (!saved) return
    unsaved.clear()
    props.close()
  }
  return (
    <DrawerForm<{ requestLogDays: number }>
      submit={common('save')}
      isRunning={act.isRunning}
      initialValues={{ requestLogDays: shown.requestLogDays }}
      onValuesChange={unsaved.touch}
      onFinish={form => void save(form)}
    >
      <p className="wisp-quiet">{t('defaultsHint')}</p>
      <Form.Item
        name="requestLogDays"
        label={t('logDays')}
        extra={t('logDaysHelp')}
        rules={[{ required: true, type: 'integer', min: 0, max: 7 }]}
      >
        <InputNumber min={0} max={7} precision={0} suffix={t('days')} style={{ width: 160 }} />
      </Form.Item>
      <Form.Item label={t('limitsTitle')} extra={t('editHint')}>
        <LimitFields
          groups={shown.groups.map(({ group, standard }) => ({ group, inherited: standard }))}
          values={values}
          onChange={changed => {
            setValues(changed)
            unsaved.touch()
          }}
        />
      </Form.Item>
    </DrawerForm>
  )
}
