import type { ReactNode } from 'react'
import { RemoveThing } from '../../ui/connected/remove-thing.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'

/** Removing a corp deletes all of its data. */
export function RemoveCorp(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const { corpId, name } = props.corp
  const act = useAct('/web/corps/remove', { done: t('removed') })
  const remove = async (confirm: string) => {
    // Everything on this page belonged to the removed corp, so the page is loaded again.
    if (await act.run({ removedCorpId: corpId, confirm, corpId })) location.assign('/console/system/corps')
  }
  return (
    <RemoveThing
      act={t('remove')}
      title={t('removeTitle', { name })}
      hint={t('removeHint')}
      id={corpId}
      idName={t('corpId')}
      isRunning={act.isRunning}
      remove={remove}
    />
  )
}
