import { openLog } from '../../platform/log.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { Silence } from '../../platform/silence.ts'
import { part } from '../part.ts'

export const log = part('log', ['settings'], { open: ({ settings }) => openLog(settings.logLevel) })

export const metrics = part('metrics', [], { open: openMetrics })

export const broken = part('broken', [], { open: () => Promise.withResolvers<string>() })

export const silence = part('silence', [], { open: () => new Silence(), close: own => own.close() })
