import { SyncOutlined } from '@ant-design/icons'
import { Button, Form, Input, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'

/** The switch for menu sync, the address it needs, and a test that shows the app's real answer. */
export function SyncFields(props: { outcome: ReactNode; isRunning: boolean; onTest(): void }): ReactNode {
  const t = useText('apps')
  const isOn = Form.useWatch<boolean | undefined>('syncMenu') === true
  const what = t('syncUrl')
  return (
    <>
      <h3 className="apps-section">{t('sync')}</h3>
      <Form.Item name="syncMenu" label={t('syncOn')} extra={t('syncHint')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item
        name="syncUrl"
        label={what}
        extra={t('syncUrlHint')}
        dependencies={['syncMenu']}
        rules={[
          { required: isOn, whitespace: true, message: t('required', { what }) },
          { pattern: /^\s*https?:\/\/\S+\s*$/i, message: t('notUrl') },
        ]}
      >
        <Input
          maxLength={2000}
          disabled={!isOn}
          placeholder="https://app.example.com/CaiDanJson"
          inputMode="url"
        />
      </Form.Item>
      {isOn ? (
        <div style={{ display: 'grid', gap: 12, justifyItems: 'start' }}>
          <Button icon={<SyncOutlined />} loading={props.isRunning} onClick={props.onTest}>
            {t('saveAndSync')}
          </Button>
          <div style={{ width: '100%' }}>{props.outcome}</div>
        </div>
      ) : null}
    </>
  )
}
