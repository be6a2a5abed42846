import { Form, Input, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Fold } from '../../../ui/forms/fold.tsx'
import { useText } from '../../../ui/text.ts'
import { fenOf, yuanOf } from '../../../ui/values/money.ts'
import { SmsSpending } from '../sms-spending.tsx'
import { SaveBar, SettingsCard, useSave } from './settings-card.tsx'

const path = '/web/messages/approval-settings'

/** Which sends wait until somebody else has approved them. */
export function ApprovalForm(): ReactNode {
  const read = useRead(path)
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  return <Fields key={read.data.version} page={read.data} />
}

type Values = Omit<Answer<typeof path>['settings'], 'smsBudget' | 'smsUrgent'> & {
  /** In yuan, as people write them. */
  smsBudget: string
  smsUrgent: string
}

function Fields({ page: { version, settings, spending } }: { page: Answer<typeof path> }): ReactNode {
  const t = useText('send-approval')
  const [form] = Form.useForm<Values>()
  const save = useSave('/web/messages/approval-settings/save')
  const yuan = {
    validator: (_rule: unknown, value: string) =>
      value && fenOf(value) === undefined ? Promise.reject(new Error(t('yuanWrong'))) : Promise.resolve(),
  }
  const flag = (on: boolean) => (on ? '1' : '0')
  return (
    <SettingsCard title={t('settingsTitle')}>
      <Form
        form={form}
        layout="vertical"
        name="approval"
        initialValues={{
          ...settings,
          smsBudget: yuanOf(settings.smsBudget),
          smsUrgent: yuanOf(settings.smsUrgent),
        }}
        onValuesChange={save.touch}
        onFinish={({ all, untyped, smsBudget, smsUrgent, ...values }) =>
          void save.run({
            ...{ version, ...values, all: flag(all), untyped: flag(untyped) },
            smsBudget: fenOf(smsBudget) ?? 0,
            smsUrgent: fenOf(smsUrgent) ?? 0,
          })
        }
      >
        <Form.Item
          name="receivers"
          label={t('receivers')}
          extra={t('receiversHint')}
          rules={[{ required: true, message: t('required') }]}
        >
          <InputNumber min={0} max={1_000_000} precision={0} style={{ width: 200 }} />
        </Form.Item>
        <Form.Item name="all" label={t('all')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Fold summary={t('moreConditions')}>
          <Form.Item name="words" label={t('words')} extra={t('wordsHint')}>
            <Select
              mode="tags"
              maxCount={200}
              open={false}
              suffixIcon={null}
              tokenSeparators={[',', '，', '、', '\n']}
            />
          </Form.Item>
          <Form.Item name="untyped" label={t('untyped')} valuePropName="checked">
            <Switch />
          </Form.Item>
        </Fold>
        <Fold summary={t('smsCost')}>
          <Form.Item
            name="smsPrice"
            label={t('smsPrice')}
            extra={t('smsPriceHint')}
            rules={[{ required: true, message: t('required') }]}
          >
            <InputNumber min={0} max={10_000} precision={0} style={{ width: 200 }} />
          </Form.Item>
          <Form.Item name="smsBudget" label={t('smsBudget')} extra={t('smsBudgetHint')} rules={[yuan]}>
            <Input inputMode="decimal" maxLength={16} autoComplete="off" style={{ width: 200 }} />
          </Form.Item>
          <Form.Item name="smsUrgent" label={t('smsUrgent')} extra={t('smsUrgentHint')} rules={[yuan]}>
            <Input inputMode="decimal" maxLength={16} autoComplete="off" style={{ width: 200 }} />
          </Form.Item>
        </Fold>
        <SmsSpending spending={spending} />
        {save.problem}
        <SaveBar form={form} isRunning={save.isRunning} />
      </Form>
    </SettingsCard>
  )
}
