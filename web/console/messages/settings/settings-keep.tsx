import { Form, InputNumber } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { SaveBar, SettingsCard, useSave } from './settings-card.tsx'

export function KeepSettings(props: { page: Answer<'/web/messages/settings'> }): ReactNode {
  const t = useText('messages')
  const { keepDays, version } = props.page.keep
  const [form] = Form.useForm<{ keepDays: number }>()
  const save = useSave('/web/messages/settings/keep')
  return (
    <SettingsCard title={t('keepTitle')}>
      <Form
        form={form}
        layout="vertical"
        name="keep"
        initialValues={{ keepDays }}
        onValuesChange={save.touch}
        onFinish={values => void save.run({ version, ...values })}
      >
        <Form.Item
          name="keepDays"
          label={t('keepDays')}
          extra={t('keepHint')}
          rules={[{ required: true, message: t('required') }]}
        >
          <InputNumber min={1} max={3650} precision={0} suffix={t('days')} style={{ width: 200 }} />
        </Form.Item>
        {save.problem}
        <SaveBar form={form} isRunning={save.isRunning} />
      </Form>
    </SettingsCard>
  )
}
