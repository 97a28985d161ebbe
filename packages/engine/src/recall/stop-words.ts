import type { TextAnalyzer } from '@arawn/core/text-analyzer'

/** Words that stand in most questions and say nothing of what is asked. */
const words = `
a about above after again all also am an and any are as at be because been before being below between both but by can
could d did do does doing don down during each even ever few for from further get gets getting go goes going gone got had
has have having he her here hers herself hey hi him himself his how i if in into is isn it its itself just let like ll lot
m made make makes making many may maybe me might more most much must my myself no nor not now of off oh ok okay on once one
only or other our ours ourselves out over own please really re s said same say says she should so some such t than thank
thanks that the their theirs them themselves then there these they thing things this those through to too under until up us
ve very was we well were what when where which while who whom whose why will with would yeah yes you your yours yourself
yourselves`

/** As the analyzer writes them. */
export function stopTokens(analyzer: TextAnalyzer): ReadonlySet<string> {
  return new Set(analyzer.tokensOf(words).words.split(' '))
}
