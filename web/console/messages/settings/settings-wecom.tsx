import { Form, InputNumber, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { ChannelState, SaveBar, SettingsCard, useSave } from './settings-card.tsx'
import { TestSend } from './test-send.tsx'

type Values = { agentId?: number | null; dailyCap?: number | null }

export function WecomSettings(props: { page: Answer<'/web/messages/settings'> }): ReactNode {
  const t = useText('messages')
  const { agents, wecom, versions, tests } = props.page
  const [form] = Form.useForm<Values>()
  const [isDirty, setDirty] = useState(false)
  const save = useSave('/web/messages/settings/wecom')
  const usable = agents.filter(one => one.isUsable)
  const isConfigured = wecom.agentId !== null || usable.length === 1
  return (
    <SettingsCard title={t('wecom')} state={<ChannelState isConfigured={isConfigured} test={tests.wecom} />}>
      <Form<Values>
        form={form}
        layout="vertical"
        name="wecom"
        initialValues={{ agentId: wecom.agentId, dailyCap: wecom.dailyCap }}
        onValuesChange={() => {
          save.touch()
          setDirty(true)
        }}
        onFinish={({ agentId, dailyCap }) =>
          void save.run({ version: versions.wecom, agentId: agentId ?? '', dailyCap: dailyCap ?? '' })
        }
      >
        <Form.Item name="agentId" label={t('wecomAgent')} extra={t('wecomAgentHint')}>
          <Select
            allowClear
            placeholder={t('wecomAgentAuto')}
            options={agents.map(one => ({
              value: one.agentId,
              label: `${one.name} (${one.agentId})${one.isUsable ? '' : ` · ${t('noUse')}`}`,
              disabled: !one.isUsable,
            }))}
          />
        </Form.Item>
        <Form.Item
          name="dailyCap"
          label={t('dailyCap')}
          extra={t('dailyCapHint', { n: wecom.usualCap, used: wecom.sentToday })}
        >
          <InputNumber
            min={1}
            max={2_000_000_000}
            precision={0}
            placeholder={formatNumber(wecom.usualCap)}
            style={{ width: 200 }}
          />
        </Form.Item>
        {save.problem}
        <SaveBar form={form} isRunning={save.isRunning}>
          <TestSend channel="wecom" isDirty={isDirty} isConfigured={isConfigured} />
        </SaveBar>
      </Form>
    </SettingsCard>
  )
}
