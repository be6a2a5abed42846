import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { ObjectForm, useObjectForm } from '../../ui/forms/object-form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { AppFields } from './app-fields.tsx'
import { type AppValues, type Audience, fieldsOfApp, meantBy, settingsOf, valuesOf } from './form-values.ts'
import { useLastOutcome } from './menus/last-outcome.ts'
import { SyncOutcomeView } from './menus/sync-outcome.tsx'

/** What is set of an app; saving syncs its menu when it is asked to. */
export function AppSettings(props: { app: Answer<'/web/apps/app'>; reread(): Promise<unknown> }): ReactNode {
  const t = useText('apps')
  const { app, reread } = props
  const [outcome, setOutcome] = useLastOutcome(app.id)
  const object = useObjectForm<AppValues, '/web/apps/save', number>('/web/apps/save', {
    shown: valuesOf(app, name => t('audienceGone', { name })),
    version: app.version,
    labels: useLabels(),
    fields: fieldsOfApp,
    reread,
    done: t('savedNow'),
    refresh: ['/web/apps/'],
  })
  const save = async (values: AppValues) => {
    const saved = await object.run({
      id: app.id,
      version: object.version,
      settings: settingsOf(values, app.isBuiltin),
    })
    if (saved) setOutcome(saved.sync ?? undefined)
  }
  return (
    <Panel>
      <ObjectForm object={object} save={values => void save(values)}>
        <AppFields
          app={app}
          outcome={
            outcome ? <SyncOutcomeView outcome={outcome} onClose={() => setOutcome(undefined)} /> : null
          }
          isRunning={object.isRunning}
          saveAndSync={object.form.submit}
        />
      </ObjectForm>
    </Panel>
  )
}

function useLabels() {
  const t = useText('apps')
  const names = (audience: Audience) => {
    const { everyone, departments, members, tags, groups } = meantBy(audience)
    const named = [...departments, ...members, ...tags, ...groups].map(one => one.label ?? one.value)
    return [...(everyone ? [t('whoever')] : []), ...named].join('、')
  }
  return {
    name: t('name'),
    category: t('category'),
    description: t('description'),
    sortNo: t('sortNo'),
    homeUrl: t('homeUrl'),
    mobileUrl: t('mobileUrl'),
    openIn: { label: t('openIn'), tell: (openIn: AppValues['openIn']) => t(openIn) },
    origins: t('origins'),
    devId: t('developer'),
    agentId: t('agent'),
    syncMenu: t('syncOn'),
    syncUrl: t('syncUrl'),
    payShortcut: t('payShortcut'),
    audience: { label: t('audience'), tell: names },
  }
}
