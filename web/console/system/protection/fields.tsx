import { Form, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'

export function NumberField(props: {
  name: string
  label: string
  help?: string
  max: number
  min?: number
}) {
  const { name, label, help, max, min = 0 } = props
  return (
    <Form.Item name={name} label={label} extra={help}>
      <InputNumber min={min} max={max} precision={0} />
    </Form.Item>
  )
}

export function ChoiceField(props: {
  name: string
  label: string
  options: [value: string, label: string][]
}) {
  const options = props.options.map(([value, label]) => ({ value, label }))
  return (
    <Form.Item name={props.name} label={props.label}>
      <Select options={options} style={{ maxWidth: 320 }} />
    </Form.Item>
  )
}

/** What is set alike for a corp and for the installation. `address`: whose page this is, as wisp sees them. */
export function CommonFields({ address }: { address: string }): ReactNode {
  const t = useText('protection')
  return (
    <>
      <Form.Item
        name="consoleNetworks"
        label={t('consoleNetworks')}
        extra={t('consoleNetworksHelp', { address })}
      >
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ', '、', '\n']} />
      </Form.Item>
      <NumberField name="sessionsAtMost" label={t('sessionsAtMost')} help={t('zeroAny')} max={20} />
      <ChoiceField
        name="sessionsFull"
        label={t('sessionsFull')}
        options={[
          ['endOldest', t('endOldest')],
          ['refuse', t('refuse')],
        ]}
      />
      <Form.Item name="watermark" label={t('watermark')} extra={t('watermarkHelp')} valuePropName="checked">
        <Switch />
      </Form.Item>
    </>
  )
}
