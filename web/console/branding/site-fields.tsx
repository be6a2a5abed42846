import { Form, Input, Radio } from 'antd'
import type { ReactNode } from 'react'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import type { BrandValues } from './brand-values.ts'

/** What stands at the foot of the pages. */
export function SiteFields({ kind, host }: { kind: BrandValues['privacyKind']; host: string }): ReactNode {
  const t = useText('branding')
  return (
    <>
      <Panel title={t('filing')}>
        <Form.Item name="icpNumber" label={t('icpNumber')} extra={t('icpNumberHelp')}>
          <Input maxLength={64} autoComplete="off" placeholder={t('icpSample')} />
        </Form.Item>
        <Form.Item name="policeNumber" label={t('policeNumber')} extra={t('policeNumberHelp')}>
          <Input maxLength={64} autoComplete="off" placeholder={t('policeSample')} />
        </Form.Item>
      </Panel>
      <Panel title={t('privacy')}>
        <Form.Item name="privacyKind" aria-label={t('privacy')}>
          <Radio.Group
            aria-label={t('privacy')}
            options={[
              { value: 'none', label: t('privacyNone') },
              { value: 'url', label: t('privacyByUrl') },
              { value: 'text', label: t('privacyByText') },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="privacyUrl"
          label={t('privacyUrl')}
          hidden={kind !== 'url'}
          rules={
            kind === 'url'
              ? [{ required: true, pattern: /^https:\/\/\S+$/, message: t('privacyUrlWrong') }]
              : []
          }
        >
          <Input maxLength={512} autoComplete="off" placeholder="https://www.example.edu.cn/privacy" />
        </Form.Item>
        <Form.Item
          name="privacyText"
          label={t('privacyText')}
          hidden={kind !== 'text'}
          extra={t('privacyTextHelp', { url: `${host}/privacy` })}
          rules={kind === 'text' ? [{ required: true, whitespace: true }] : []}
        >
          <Input.TextArea maxLength={20_000} rows={8} />
        </Form.Item>
      </Panel>
    </>
  )
}
