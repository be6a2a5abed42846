import { Button } from 'antd'
import { Fragment, type ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import { type Program, protocolNames, usePrograms } from './program.ts'
import { ProgramIcon } from './program-icon.tsx'
import './programs.css'

/** The programs that wisp knows, each a button. */
export function Gallery({ choose }: { choose(program: Program): void }): ReactNode {
  const t = useText('app-sign-in')
  return (
    <ul className="program-gallery" aria-label={t('programs')}>
      {usePrograms().map(program => (
        <li key={program.id}>
          <Button onClick={() => choose(program)}>
            <ProgramIcon program={program} />
            <span className="program-words">
              <Breakable text={program.name} />
              <small>{protocolNames[program.kind]}</small>
            </span>
          </Button>
        </li>
      ))}
    </ul>
  )
}

/** A name that has no spaces ends a line behind an underscore. */
function Breakable({ text }: { text: string }): ReactNode {
  return (
    <span>
      {text.split(/(?<=_)/).map(part => (
        <Fragment key={part}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </span>
  )
}
