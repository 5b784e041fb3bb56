import type { Mutation } from '../mutation.ts'

const AGREEMENT = 'acceptance/partners/agreement.test.ts'
const SUSPENDED = {
  file: 'acceptance/partners/suspended.test.ts',
  title: 'a suspended partner’s tokens and secrets open nothing, in every process, from the moment it is said; others work on',
}
const GROUP = {
  file: AGREEMENT,
  title: 'an agreement > does not take a group whose tasks are another provider’s: whoever of two proposes it first has it',
}

/** Who exchanges, what each may, and that nobody is half made. */
export const PARTNERS: readonly Mutation[] = [
  {
    sentence: 'Whoever has an agreement can be told:',
    breaks: 'an agreement opens no queue',
    file: 'packages/exchange/src/migrations/0010_partners.sql',
    text: 'create trigger agreement_opens_queue after insert on exchange.agreement for each row execute function exchange.open_queue();',
    replacement: '',
    proof: {
      file: 'acceptance/partners/half-made.test.ts',
      title:
        'a partner whose agreement was inserted by hand is told of its tickets: the agreement opens its queue, and capture has no trouble',
    },
    says: 'did not come',
  },
  {
    sentence: 'Whoever has an agreement can be told:',
    breaks: 'agreements of before the upgrade have none',
    file: 'packages/exchange/src/migrations/0010_partners.sql',
    text: 'insert into exchange.queue (partner_id, environment) select partner_id, environment from exchange.agreement on conflict do nothing;',
    replacement: '',
    proof: {
      file: 'acceptance/partners/half-made.test.ts',
      title: 'a partner that an earlier version had left without a queue is told after the upgrade',
    },
    says: 'did not come',
  },
  {
    sentence: 'A partner that cannot file and be told waits,',
    breaks: 'nobody is said to wait for an organisation',
    file: 'packages/exchange/src/onboarding/waits-for.ts',
    text: 'isMissing: there => isCustomer(there) && !there.terms!.organisation }',
    replacement: 'isMissing: there => isCustomer(there) && !there.terms }',
    proof: { file: AGREEMENT, title: 'a partner > that is made waits, and it is said for what' },
  },
  {
    sentence: 'An agreement is saved whole or not at all:',
    breaks: 'what names nothing is left out',
    file: 'packages/exchange/src/onboarding/resolve-terms.ts',
    text: 'return problems.length ? { problems } : ',
    replacement: 'return problems.length > 99 ? { problems } : ',
    proof: {
      file: AGREEMENT,
      title: 'an agreement > with names that nobody has is refused with the nearest ones, all at once, and stays as it is',
    },
  },
  {
    sentence: 'A name that several records have is refused',
    breaks: 'the first of them is taken',
    file: 'packages/exchange/src/onboarding/resolve-references.ts',
    text: 'if (alike.length === 1) return',
    replacement: 'if (alike.length) return',
    proof: {
      file: AGREEMENT,
      title: 'an agreement > with a name that several records have is refused with all of them; its sys_id says which is meant',
    },
  },
  {
    sentence: 'What is shown before it is saved',
    breaks: 'what an operator has seen is not asked',
    file: 'packages/exchange/src/onboarding/agreement.ts',
    text: 'if (version !== undefined && version !== (now?.version ?? NONE)) throw changedMeanwhile(there)',
    replacement: '',
    proof: { file: AGREEMENT, title: 'an agreement > that another operator has changed meanwhile is not overwritten' },
  },
  {
    sentence: 'What is shown before it is saved',
    breaks: 'it is not looked at again before it is saved',
    file: 'packages/exchange/src/onboarding/agreement.ts',
    text: 'if (now?.version !== seen?.version) throw changedMeanwhile(there)',
    replacement: '',
    proof: { file: AGREEMENT, title: 'an agreement > that several operators change at the same moment is changed by one of them' },
  },
  {
    sentence: 'from the moment that it is suspended',
    breaks: 'its tokens go on',
    file: 'packages/exchange/src/sign-in/sign-in.store.ts',
    text: 't.expires_at > now() and p.active and r.suspended_at is null',
    replacement: 't.expires_at > now() and p.active',
    proof: SUSPENDED,
  },
  {
    sentence: 'from the moment that it is suspended',
    breaks: 'its secrets go on',
    file: 'packages/exchange/src/sign-in/sign-in.store.ts',
    text: 'where p.client_id = $1 and r.suspended_at is null',
    replacement: 'where p.client_id = $1',
    proof: SUSPENDED,
  },
  {
    sentence: 'from the moment that it is suspended',
    breaks: 'nobody hears of it',
    file: 'packages/exchange/src/onboarding/partners.ts',
    text: 'tokens.changeAccess(queries => suspendPartner(queries,',
    replacement: 'Promise.resolve(tokens).then(() => suspendPartner(database,',
    proof: SUSPENDED,
  },
  {
    sentence: 'The updates of a suspended partner are kept,',
    breaks: 'whoever is suspended is nobody’s',
    file: 'packages/exchange/src/agreements/agreements.store.ts',
    text: 'from exchange.agreement where environment = $1 order by partner_id`',
    replacement:
      'from exchange.agreement join exchange.partner using (partner_id) where environment = $1 and suspended_at is null order by partner_id`',
    proof: {
      file: 'acceptance/partners/suspended.test.ts',
      title: 'the updates of a suspended partner are kept, and are there after it is resumed, in order',
    },
  },
  {
    sentence: 'What was accepted of it before is finished.',
    breaks: 'what is open of a suspended partner is not gone on with',
    file: 'packages/exchange/src/recorded-writes/holds.store.ts',
    text: "where state = 'open' and next_attempt_at <= now()",
    replacement:
      "where partner_id not in (select partner_id from exchange.partner where suspended_at is not null) and state = 'open' and next_attempt_at <= now()",
    proof: { file: 'acceptance/partners/suspended.test.ts', title: 'what was accepted of a partner before it was suspended is finished' },
  },
  {
    sentence: 'The tasks of a group are one provider’s',
    breaks: 'groups of others are not looked at while nobody else changes agreements',
    file: 'packages/exchange/src/onboarding/agreement.ts',
    text: '    await assertFree(queries, there, { now: now?.terms, terms })\n',
    replacement: '',
    proof: GROUP,
  },
  {
    sentence: 'An agreement that names one record twice is refused',
    breaks: 'the second name is dropped',
    file: 'packages/exchange/src/onboarding/resolve-terms.ts',
    text: ', ...twiceNamed(term, records))',
    replacement: ')',
    proof: { file: AGREEMENT, title: 'an agreement > does not drop one of two names of the same record without a word' },
  },
]
