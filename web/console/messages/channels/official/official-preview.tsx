import type { ReactNode } from 'react'
import type { OfficialPreview as Preview } from '../../../../../server/features/channels/official/official.ts'
import { useText } from '../../../../ui/text.ts'
import { TemplateCard } from './template-card.tsx'

export function OfficialPreview(props: { preview: Preview }): ReactNode {
  const t = useText('messages')
  const { account, title, rows, url } = props.preview
  return (
    <TemplateCard
      account={account}
      title={title}
      rows={rows.map(row => ({ ...row, value: row.isSentAt ? t('sentAtValue') : row.value }))}
      link={url}
    />
  )
}
