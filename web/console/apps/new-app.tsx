import { Form } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import { useFormAct } from '../../ui/data/form-act.ts'
import { useUnsaved } from '../../ui/data/unsaved.ts'
import { useText } from '../../ui/text.ts'
import { AppFields } from './app-fields.tsx'
import { type AppValues, fieldsOfApp, settingsOf, valuesOf } from './form-values.ts'
import { useKeepOutcome } from './menus/last-outcome.ts'

/** Adds an app; then its page opens, which shows what came of the first sync of its menu. */
export function NewApp(props: { added(id: string): void }): ReactNode {
  const t = useText('apps')
  const common = useText('common')
  const unsaved = useUnsaved()
  const keepOutcome = useKeepOutcome()
  const [form] = Form.useForm<AppValues>()
  const act = useFormAct('/web/apps/add', form, fieldsOfApp, {
    done: t('savedNow'),
    refresh: ['/web/apps/'],
  })
  const add = async (values: AppValues) => {
    const added = await act.run({ settings: settingsOf(values, false) })
    if (!added) return
    unsaved.clear()
    keepOutcome(added.id, added.sync ?? undefined)
    props.added(added.id)
  }
  return (
    <DrawerForm<AppValues>
      form={form}
      submit={common('save')}
      isRunning={act.isRunning}
      initialValues={valuesOf(undefined, name => t('audienceGone', { name }))}
      scrollToFirstError
      onValuesChange={unsaved.touch}
      onFinish={values => void add(values)}
    >
      <AppFields app={undefined} outcome={null} isRunning={act.isRunning} saveAndSync={form.submit} />
    </DrawerForm>
  )
}
