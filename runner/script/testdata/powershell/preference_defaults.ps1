$WarningPreference; $VerbosePreference; $DebugPreference; $InformationPreference; $ConfirmPreference; $WhatIfPreference; $OFS
