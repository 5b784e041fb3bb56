import { CallLog } from '../../platform/call-log.ts'
import { openLog } from '../../platform/log.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { Silence } from '../../platform/silence.ts'
import { BESIDE } from '../beside.ts'
import { startPart } from '../part.ts'

export const log = startPart('log', ['settings'], { open: ({ settings }) => openLog(settings.logLevel) })

export const calls = startPart('calls', ['log'], { open: ({ log: told }) => new CallLog(told), close: own => own.close() })

export const beside = startPart('beside', ['calls', 'notices'], {
  open: ({ calls: told, notices }) => notices.on(BESIDE, text => told.recordBeside(JSON.parse(text))),
})

export const metrics = startPart('metrics', [], { open: openMetrics })

export const broken = startPart('broken', [], { open: () => Promise.withResolvers<string>() })

export const silence = startPart('silence', [], { open: () => new Silence(), close: own => own.close() })
