import { Button, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { base64Of } from '../../ui/data/files.ts'
import { useFormAct } from '../../ui/data/form-act.ts'
import { useRead } from '../../ui/data/read.ts'
import { useUnsaved } from '../../ui/data/unsaved.ts'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { BrandPreview } from './brand-preview.tsx'
import type { BrandPaths, BrandValues, BrandView } from './brand-values.ts'
import { ColourField } from './colour-field.tsx'
import { LogoField } from './logo-field.tsx'
import { SiteFields } from './site-fields.tsx'

const fields = ['name', 'logo', 'colour', 'icpNumber', 'policeNumber', 'privacyUrl', 'privacyText'] as const
const named = Object.fromEntries(fields.map(field => [field, field]))

/** The form on the left, and what comes of it on the right. */
export function BrandForm(props: { brand: BrandView; where: string; paths: BrandPaths }): ReactNode {
  const t = useText('branding')
  const common = useText('common')
  const { brand, paths } = props
  const { own, otherwise, version, plainName, host } = brand
  const [form] = Form.useForm<BrandValues>()
  const unsaved = useUnsaved()
  const initial = valuesOf(brand)
  const values: BrandValues = { ...initial, ...Form.useWatch([], form) }
  const save = useFormAct(paths.save, form, { named }, { done: t('saved'), refresh: ['/web/branding'] })
  const reset = useAct(paths.reset, {
    done: t('resetDone'),
    refresh: ['/web/branding'],
    confirm: () => ({ title: t('resetTitle'), content: t('resetHint'), okText: t('reset'), danger: true }),
  })
  const nameOtherwise = values.logo ? plainName : otherwise.name || 'wisp'
  const colours = useColours(values.colour || otherwise.colour)
  const submit = async () => {
    const { logo, privacyKind, privacyUrl, privacyText, ...texts } = values
    const saved = await save.run({
      version,
      ...texts,
      privacyUrl: privacyKind === 'url' ? privacyUrl : '',
      privacyText: privacyKind === 'text' ? privacyText : '',
      picture: logo === undefined ? 'none' : logo.file ? 'new' : 'keep',
      ...(logo?.file ? { logo: await base64Of(logo.file) } : {}),
    })
    if (saved) unsaved.clear()
  }
  const isSet = fields.some(field => own[field])
  return (
    <div className="brand-columns">
      <Form<BrandValues>
        form={form}
        layout="vertical"
        initialValues={initial}
        requiredMark={false}
        scrollToFirstError
        onValuesChange={unsaved.touch}
        onFinish={() => void submit()}
      >
        <p className="wisp-quiet brand-where">{props.where}</p>
        <Panel>
          <Form.Item name="name" label={t('name')} extra={t('nameHelp', { name: nameOtherwise })}>
            <Input maxLength={64} autoComplete="off" placeholder={nameOtherwise} />
          </Form.Item>
          <Form.Item name="logo" label={t('logo')} extra={t('logoHelp')}>
            <LogoField />
          </Form.Item>
          <Form.Item
            name="colour"
            label={t('colour')}
            rules={[{ pattern: /^#[0-9a-f]{6}$/i, message: t('colourWrong') }]}
          >
            <ColourField colours={values.colour ? colours : undefined} />
          </Form.Item>
        </Panel>
        <SiteFields kind={values.privacyKind} host={host} />
        <div className="wisp-actions">
          <Button type="primary" htmlType="submit" loading={save.isRunning}>
            {common('save')}
          </Button>
          {isSet ? (
            <Button
              danger
              loading={reset.isRunning}
              onClick={async () => {
                if (await reset.run({ version })) unsaved.clear()
              }}
            >
              {t('reset')}
            </Button>
          ) : null}
        </div>
      </Form>
      <BrandPreview values={values} brand={brand} colours={colours ?? undefined} />
    </div>
  )
}

function valuesOf({ own }: BrandView): BrandValues {
  const { privacyUrl, privacyText, logo } = own
  return {
    ...own,
    logo: logo ?? undefined,
    privacyKind: privacyUrl ? 'url' : privacyText ? 'text' : 'none',
  }
}

/** The shades that the server makes of a colour, those before while it is asked for others. */
function useColours(colour: string) {
  const isColour = /^#[0-9a-f]{6}$/i.test(colour)
  const { data } = useRead('/web/branding/colours', { colour }, { enabled: isColour, keep: true })
  return isColour ? data : undefined
}
