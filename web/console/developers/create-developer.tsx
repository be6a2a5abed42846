import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer.tsx'
import { useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useSecretOnce } from '../../ui/secret-once.tsx'
import { useText } from '../../ui/text.ts'
import { DeveloperFields, type DeveloperForm, toInput } from './developer-fields.tsx'

/** Creates a developer. The secret is shown here and cannot be shown again. */
export function CreateDeveloper(): ReactNode {
  const t = useText('developers')
  const { open } = useOpen()
  const showOnce = useSecretOnce()
  const choices = useRead('/web/developers/choices')
  const act = useAct('/web/developers/add', { refresh: ['/web/developers'] })
  if (choices.error) return <ErrorState error={choices.error} retry={() => void choices.refetch()} />
  if (!choices.data) return <Loading />
  const create = async (form: DeveloperForm) => {
    const made = await act.run(toInput(form))
    if (!made) return
    await showOnce({
      title: t('createdTitle'),
      secrets: [
        { label: t('devId'), value: made.devId },
        { label: t('devSecret'), value: made.devSecret },
      ],
      note: t('createdNote'),
    })
    open(made.devId)
  }
  const initial: DeveloperForm = {
    name: '',
    scopes: [...choices.data.defaultScopes],
    scopeDays: {},
    range: 'all',
    departments: [],
    tags: [],
    ips: '',
    accounts: [],
    listStyle: 'object',
    packets: 'off',
    newDevices: true,
  }
  return (
    <DrawerForm<DeveloperForm>
      submit={t('add')}
      isRunning={act.isRunning}
      initialValues={initial}
      onFinish={form => void create(form)}
    >
      <DeveloperFields allScopes={choices.data.scopes} />
    </DrawerForm>
  )
}
