import { type ReactNode, useState } from 'react'
import { useText } from '../ui/text.ts'
import { Me, wantedPart } from '../workbench/me.tsx'
import { MePartPage } from '../workbench/me-part.tsx'
import { Sheet } from '../workbench/sheet.tsx'

export function AccountSheet(props: { onClose(): void }): ReactNode {
  const t = useText('portal')
  const [part, setPart] = useState(wantedPart)
  return (
    <Sheet
      place="corner"
      title={part ? t(part) : t('account')}
      onBack={part && (() => setPart(undefined))}
      onClose={props.onClose}
    >
      <div className="wb-scroll">{part ? <MePartPage part={part} /> : <Me onOpen={setPart} />}</div>
    </Sheet>
  )
}
