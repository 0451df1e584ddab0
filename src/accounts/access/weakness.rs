//! Weak passwords, in words: why one is easily guessed, and what to do about it.

use crate::i18n::t;
use zxcvbn::feedback::{Feedback, Suggestion, Warning};

/// Returns why a password with this feedback is refused, and what would be better.
pub fn why_weak(feedback: Option<&Feedback>) -> String {
    let warning = feedback.and_then(Feedback::warning);
    let reason = warning.map_or_else(|| t!("accounts-weak"), reason);
    let suggestion = feedback.and_then(|feedback| feedback.suggestions().first().copied());
    let advice = suggestion.map_or_else(|| t!("accounts-advice"), advice);
    t!("accounts-weak-because", reason = reason, advice = advice)
}

fn reason(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => t!("accounts-weak-rows"),
        Warning::ShortKeyboardPatternsAreEasyToGuess => t!("accounts-weak-patterns"),
        Warning::RepeatsLikeAaaAreEasyToGuess => t!("accounts-weak-repeats"),
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => t!("accounts-weak-repeated"),
        Warning::ThisIsATop10Password => t!("accounts-weak-top-10"),
        Warning::ThisIsATop100Password => t!("accounts-weak-top-100"),
        Warning::ThisIsACommonPassword => t!("accounts-weak-common"),
        Warning::ThisIsSimilarToACommonlyUsedPassword => t!("accounts-weak-similar"),
        Warning::SequencesLikeAbcAreEasyToGuess => t!("accounts-weak-sequences"),
        Warning::RecentYearsAreEasyToGuess => t!("accounts-weak-years"),
        Warning::AWordByItselfIsEasyToGuess => t!("accounts-weak-word"),
        Warning::DatesAreOftenEasyToGuess => t!("accounts-weak-dates"),
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess => t!("accounts-weak-names"),
        Warning::CommonNamesAndSurnamesAreEasyToGuess => t!("accounts-weak-common-names"),
    }
}

fn advice(suggestion: Suggestion) -> &'static str {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => t!("accounts-advice-few-words"),
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => t!("accounts-advice-no-symbols"),
        Suggestion::AddAnotherWordOrTwo => t!("accounts-advice-another-word"),
        Suggestion::CapitalizationDoesntHelpVeryMuch => t!("accounts-advice-capitals"),
        Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => {
            t!("accounts-advice-uppercase")
        }
        Suggestion::ReversedWordsArentMuchHarderToGuess => t!("accounts-advice-reversed"),
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => t!("accounts-advice-substitutions"),
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => t!("accounts-advice-turns"),
        Suggestion::AvoidRepeatedWordsAndCharacters => t!("accounts-advice-no-repeats"),
        Suggestion::AvoidSequences => t!("accounts-advice-no-sequences"),
        Suggestion::AvoidRecentYears => t!("accounts-advice-no-years"),
        Suggestion::AvoidYearsThatAreAssociatedWithYou => t!("accounts-advice-no-own-years"),
        Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => {
            t!("accounts-advice-no-own-dates")
        }
    }
}
